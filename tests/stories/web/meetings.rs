//! A whole meeting, from the council's list to the published resolution and the adopted minutes, through its pages.

use rocket::http::Status;

use louyi::domain::meetings;

use crate::support::browser::{Reader, Site};
use crate::support::{Matter, Town, on_both};

pub const COUNCIL: &str = "/b/tingqiao/council";
pub const MEETING: &str = "/b/tingqiao/meetings/1";
pub const ITEM: &str = "/b/tingqiao/meetings/1/items/1";
pub const PRESENCE: &str = "/b/tingqiao/meetings/1/presence";
pub const SEAT: &str = "/b/tingqiao/meetings/1/seat";
pub const LIVE: &str = "/b/tingqiao/meetings/1/live";
pub const LIVE_ITEM: &str = "/b/tingqiao/meetings/1/live?item=1";

/// Everybody who matters at a meeting, each in front of a browser.
pub struct Room<'s> {
    pub town: Town,
    pub secretary: Reader<'s>,
    pub convenor: Reader<'s>,
    pub members: Vec<Reader<'s>>,
    pub matter: Matter,
}

impl<'s> Room<'s> {
    /// A matter is accepted and waits on the council's list.
    pub async fn with_a_matter(town: &Town, site: &'s Site) -> Room<'s> {
        let told = town.reports("早上等电梯要二十分钟").await;
        town.staff.accepts(told.matter, "已收到，会与租户协调").await.expect("accepted");
        let mut members = vec![];
        for m in &town.members {
            members.push(site.signed_in(m).await);
        }
        let secretary = site.signed_in(&town.secretary).await;
        let convenor = site.signed_in(&town.convenor).await;
        let number = town.now(told.matter).await.number.to_string();
        secretary.does(COUNCIL, "/b/tingqiao/council/items", &[("issue", &number), ("source", "issue")]).await;
        Room { town: town.clone(), secretary, convenor, members, matter: told.matter }
    }

    /// A meeting in eight days, with the matter on its agenda.
    pub async fn drafts(&self) {
        let fields = [("kind", "regular"), ("starts_at", "2026-12-01T14:00"), ("place", "南座18层党群服务站"), ("online", "https://meet.example/18")];
        let to = self.secretary.does("/b/tingqiao/meetings", "/b/tingqiao/meetings", &fields).await;
        assert_eq!(to, MEETING);
        self.secretary.does(MEETING, "/b/tingqiao/council/items/1/listing", &[]).await;
        let fields = [
            ("title", "早高峰候梯太久"),
            ("question", "要不要把打卡机移到闸机之前？"),
            ("competence", "enterprise_internal"),
            ("papers", "附：候梯记录。"),
        ];
        self.secretary.does(ITEM, ITEM, &fields).await;
    }

    /// The notice goes out, the day comes, the session opens.
    pub async fn meets(&self) {
        self.drafts().await;
        self.secretary.does(MEETING, "/b/tingqiao/meetings/1/notice", &[]).await;
        self.town.it_is("2026-12-01 13:55");
        self.convenor.does(MEETING, "/b/tingqiao/meetings/1/session", &[]).await;
    }

    /// The digits on the projector.
    pub async fn code(&self) -> String {
        let house = &self.town.house;
        let meeting = meetings::by_number(house.read(), self.town.council.id, 1).await.expect("the meeting");
        meeting.room_code(house.keys(), house.now())
    }

    /// These seats sign in, in the room.
    pub async fn signs_in(&self, seats: impl IntoIterator<Item = usize>) {
        for n in seats {
            let answer = self.members[n - 1].fills(PRESENCE, PRESENCE, &[("how", "room"), ("code", &self.code().await)]).await;
            assert_eq!(answer.status, Status::SeeOther, "seat {n}: {}", answer.text());
        }
    }

    /// A motion is put on the item.
    pub async fn puts(&self, fields: &[(&str, &str)]) {
        let mut all = vec![
            ("title", "将打卡机移到门禁之前"),
            ("words", "打卡机移到一层闸机之前，先打卡后候梯。"),
            ("reasons", "错峰以后候梯仍未达到目标。"),
            ("no_action", "各家照新的流程走。"),
        ];
        all.retain(|(n, _)| !fields.iter().any(|(f, _)| f == n));
        all.extend(fields);
        self.convenor.does(LIVE_ITEM, "/b/tingqiao/meetings/1/items/1/motions", &all).await;
    }

    pub async fn opens_vote(&self, k: i32, method: &str) {
        self.convenor.does(LIVE_ITEM, &format!("{ITEM}/motions/{k}/opening"), &[("method", method)]).await;
    }

    pub async fn vote(&self, k: i32, seats: impl IntoIterator<Item = usize>, choice: &str) {
        for n in seats {
            let page = format!("{ITEM}/motions/{k}");
            self.members[n - 1].does(&page, &format!("{page}/votes"), &[("choice", choice)]).await;
        }
    }

    pub async fn closes_vote(&self, k: i32) {
        self.convenor.does(LIVE_ITEM, &format!("{ITEM}/motions/{k}/closing"), &[]).await;
    }
}

on_both! {
    async fn a_whole_meeting_from_the_list_to_the_minutes(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        let visitor = site.visitor();
        room.drafts().await;
        assert_eq!(visitor.opens(MEETING).await.status, Status::NotFound, "a draft is nobody's business yet");
        let draft = room.secretary.reads(MEETING).await;
        assert!(draft.says("通知最晚11月26日 周四 14:00前发"), "{}", draft.text());
        room.secretary.does(MEETING, "/b/tingqiao/meetings/1/notice", &[]).await;

        // Called: everybody reads the agenda, nobody outside the papers and the online address.
        let public = visitor.reads(MEETING).await;
        assert!(public.says("早高峰候梯太久") && public.says("要不要把打卡机移到闸机之前"));
        assert!(!public.body.contains("meet.example"), "the online address is the council's");
        assert!(!visitor.reads(ITEM).await.says("附：候梯记录"), "papers are the council's");
        assert!(room.members[6].reads(ITEM).await.says("附：候梯记录"));
        assert!(public.says("议程") && public.body.contains("材料指纹"));
        let frozen = room.secretary.posts(ITEM, &[("title", "改题目")]).await;
        assert_eq!(frozen.status, Status::Conflict, "without a token nothing is done: {}", frozen.text());

        // The day.
        town.it_is("2026-12-01 13:55");
        room.convenor.does(MEETING, "/b/tingqiao/meetings/1/session", &[]).await;
        room.signs_in([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]).await;
        let fields = [("organisation", "sunflower"), ("words", "15台打卡机移到闸机之前"), ("measure", "秘书到场数"), ("due", "2026-12-20")];
        room.convenor.does(LIVE_ITEM, "/b/tingqiao/meetings/1/items/1/undertakings", &fields).await;
        let fields = [("organisation", "tq-property"), ("words", "闸机外供电和导流"), ("measure", "照片"), ("due", "2026-12-18")];
        room.convenor.does(LIVE_ITEM, "/b/tingqiao/meetings/1/items/1/undertakings", &fields).await;
        let promise = [("figure", "wait_median"), ("unit", "分钟"), ("before", "13.9"), ("target", "5"), ("check_days", "14,42")];
        room.puts(&promise).await;
        room.opens_vote(1, "named").await;
        let live = room.convenor.reads(LIVE).await;
        assert!(live.says("13席−1回避=12有权→7过半要>0赞成"), "{}", live.text());
        room.vote(1, [1, 2, 3, 4, 6, 7, 8, 9], "yes").await;
        room.vote(1, [10], "no").await;
        room.vote(1, [11], "abstain").await;
        let wall = visitor.reads("/b/tingqiao/meetings/1/wall").await;
        assert!(wall.says("已投10席") && !wall.says("通过"), "{}", wall.text());
        room.closes_vote(1).await;
        let motion = visitor.reads(&format!("{ITEM}/motions/1")).await;
        assert!(motion.says("13席−1回避=12有权→7过半要≤8赞成"), "{}", motion.text());
        assert!(visitor.reads("/b/tingqiao/meetings/1/wall").await.says("通过"));

        // Adopted, not yet in force: nobody has signed.
        let reso = "/b/tingqiao/resolutions/2026-1";
        let page = room.secretary.reads(reso).await;
        assert!(page.says("汀桥〔2026〕第1号") && page.says("2项承诺，签了0项，还不成立"), "{}", page.text());
        assert!(!visitor.reads(reso).await.says("先打卡后候梯"), "not published, not read");
        let wei = site.signed_in(&town.representative).await;
        let ana = site.signed_in(&town.staff).await;
        for (who, k) in [(&wei, 1), (&ana, 2)] {
            let page = format!("{ITEM}/undertakings/{k}");
            who.does(&page, &page, &[("answer", "sign"), ("vouch", "1")]).await;
        }
        assert!(room.secretary.reads(reso).await.says("2项承诺，都签了"));
        room.secretary.does(reso, &format!("{reso}/publication"), &[]).await;
        let public = visitor.reads(reso).await;
        assert!(public.says("先打卡后候梯") && public.says("公示到"), "{}", public.text());
        assert!(public.body.contains("/ledger/entries/0"));

        // The session closes, the minutes are drafted from what happened, edited, adopted.
        room.convenor.does(LIVE, "/b/tingqiao/meetings/1/closing", &[]).await;
        let minutes = "/b/tingqiao/meetings/1/minutes";
        assert_eq!(visitor.opens(minutes).await.status, Status::NotFound);
        let draft = room.secretary.reads(minutes).await;
        let words = draft.form(minutes).expect("a form").into_iter().find(|(n, _)| n == "minutes").expect("words").1;
        for part in ["到会11席", "动议1“将打卡机移到门禁之前”", "过半要7 ≤ 8赞成", "向日葵科技"] {
            assert!(words.contains(part), "{part} in\n{words}");
        }
        room.secretary.does(minutes, minutes, &[("minutes", &format!("{words}\n记录：秘书"))]).await;
        room.secretary.does(minutes, &format!("{minutes}/sending"), &[]).await;
        for n in 1..=6 {
            room.members[n - 1].does(minutes, &format!("{minutes}/signature"), &[]).await;
        }
        room.secretary.does(minutes, &format!("{minutes}/adoption"), &[]).await;
        assert!(visitor.reads(minutes).await.says("记录：秘书"));
        assert!(visitor.reads(MEETING).await.says("看纪要"));
        assert!(visitor.reads(COUNCIL).await.says("将打卡机移到门禁之前"));
    }

    async fn a_member_who_signs_in_stays_at_the_meeting(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        room.meets().await;
        let member = &room.members[6];
        let next = member.does(PRESENCE, PRESENCE, &[("how", "room"), ("code", &room.code().await)]).await;
        assert_eq!(next, SEAT, "the desk of the session is for whoever presides");
        assert!(member.reads(&next).await.says("已签到"));
        let next = member.does(ITEM, &format!("{ITEM}/interest"), &[]).await;
        assert_eq!(next, ITEM, "and so with an item");
        assert_eq!(member.opens(&next).await.status, Status::Ok);
        assert_eq!(member.does(SEAT, PRESENCE, &[("how", "left")]).await, SEAT);
        // Whoever presides goes on at the desk.
        let next = room.convenor.does(PRESENCE, PRESENCE, &[("how", "room"), ("code", &room.code().await)]).await;
        assert_eq!(next, LIVE);
    }

    async fn many_arrivals_are_one_form(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        room.meets().await;
        let to = "/b/tingqiao/meetings/1/seats";
        let form = room.convenor.reads(LIVE_ITEM).await.form(to).expect("a form");
        let send = async |extra: &[(&str, &str)]| {
            let mut fields: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            fields.extend(extra);
            room.convenor.posts(to, &fields).await
        };
        let answer = send(&[("seat", "1 room"), ("seat", "2 room"), ("seat", "3 online")]).await;
        assert_eq!(answer.location.as_deref(), Some(format!("{LIVE_ITEM}&roll=open#roll").as_str()), "back to the item and the open roll");
        let live = room.convenor.reads(&format!("{LIVE_ITEM}&roll=open")).await;
        assert!(live.says("3/13") && live.body.contains("<details open class=\"roll\""), "{}", live.text());
        // Of two that cannot both be, nothing is recorded.
        assert_eq!(send(&[("seat", "4 room"), ("seat", "5 left")]).await.status, Status::Conflict);
        assert!(send(&[]).await.says("还没勾哪一席"));
        assert!(room.convenor.reads(LIVE_ITEM).await.says("3/13"));
        assert_eq!(send(&[("seat", "3 left"), ("everybody", "room")]).await.status, Status::SeeOther);
        assert!(room.convenor.reads(LIVE_ITEM).await.says("13/13"));
    }
}
