//! Votes through the pages: the count under every vector, and every vote that is refused.

use louyi::domain::buildings::{Building, District};
use louyi::domain::councils::{self, NewSeat, SeatClass};
use louyi::domain::persons::Scope;
use louyi::domain::rights::Role;
use louyi::kernel::act::Actor;
use louyi::kernel::i18n::Lang;
use rocket::http::Status;

use super::meetings::{ITEM, LIVE_ITEM, MEETING, PRESENCE, Room, SEAT};
use crate::support::browser::{Reader, Site};
use crate::support::{Town, Who, on_both};

/// A council of so many seats, and the one who presides over it.
struct Bench<'s> {
    root: String,
    chair: Reader<'s>,
    secretary: Reader<'s>,
    seats: i32,
    item: i32,
}

impl<'s> Bench<'s> {
    async fn of(town: &Town, site: &'s Site, district: &District, building: Option<&Building>, n: i32) -> Bench<'s> {
        let act = town.house.act(Actor::System).await.expect("an act");
        let scope = building.map_or(Scope::District(district.id), |b| Scope::Building(b.id));
        let mut people = vec![];
        for i in 1..=n + 2 {
            let name = format!("Bench {n} {i}");
            let mail = format!("bench.{n}.{i}@louyi.example");
            let person = louyi::domain::persons::add(&act, &name, &name, Some(&mail), Lang::Zh).await.expect("a person");
            let role = if i == n + 1 {
                Role::Convenor
            } else if i == n + 2 {
                Role::Secretary
            } else {
                Role::Member
            };
            let m = person.appoint(&act, town.station.id, role, scope).await.expect("a role");
            people.push(Who::new(&town.house, person.id, m.actor()));
        }
        let seats = people[..n as usize].iter().map(|w| NewSeat {
            class: SeatClass::Residents,
            organisation: town.station.id,
            person: Some(w.id),
            deputy: None,
        });
        councils::found(&act, district, building, "云台楼宇治理议事会", "Yuntai Council", seats.collect()).await.expect("a council");
        act.commit().await.expect("commits");
        let root = building.map_or(format!("/d/{}", district.slug), |b| format!("/b/{}", b.slug));
        let (chair, secretary) = (site.signed_in(&people[n as usize]).await, site.signed_in(&people[n as usize + 1]).await);
        Bench { root, chair, secretary, seats: n, item: 0 }
    }

    /// A meeting with so many items, opened; nobody is there yet.
    async fn meets(&self, town: &Town, items: i32) {
        let root = &self.root;
        let (list, council) = (format!("{root}/council/items"), format!("{root}/council"));
        let fields = [("kind", "regular"), ("starts_at", "2026-12-01T14:00"), ("place", "一楼会议室")];
        let meeting = self.secretary.does(&format!("{root}/meetings"), &format!("{root}/meetings"), &fields).await;
        for i in 1..=items {
            let title = format!("第{i}件事");
            self.secretary.does(&council, &list, &[("source", "member"), ("title", &title), ("question", "怎么办？")]).await;
            self.secretary.does(&meeting, &format!("{list}/{i}/listing"), &[]).await;
        }
        self.secretary.does(&meeting, &format!("{meeting}/notice"), &[]).await;
        town.it_is("2026-12-01 13:55");
        self.chair.does(&meeting, &format!("{meeting}/session"), &[]).await;
    }

    async fn marks(&self, seat: i32, what: &str) {
        let (live, to) = (format!("{}/meetings/1/live", self.root), format!("{}/meetings/1/seats", self.root));
        let answer = self.chair.fills(&live, &to, &[("seat", &format!("{seat} {what}"))]).await;
        assert!([Status::SeeOther, Status::Conflict].contains(&answer.status), "{}", answer.text());
    }

    /// The next item: so many seats recused, so many present of the others, a motion opened by this method.
    async fn votes_on(&mut self, recused: i32, present: i32, method: &str) -> String {
        self.item += 1;
        let (root, p) = (self.root.clone(), self.item);
        let (live, item) = (format!("{root}/meetings/1/live?item={p}"), format!("{root}/meetings/1/items/{p}"));
        for n in 1..=self.seats {
            // The last seats are the recused ones; whoever comes sits from the first on.
            self.marks(n, if n <= present { "room" } else { "left" }).await;
            if n > self.seats - recused {
                let fields = [("seat", n.to_string()), ("ground", "declared".to_owned())];
                let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
                self.chair.does(&live, &format!("{item}/recusals"), &fields).await;
            }
        }
        let fields = [("title", "就这样办"), ("words", "照讨论的办，下次看结果。"), ("reasons", ""), ("no_action", "没有单位要另外做事。")];
        self.chair.does(&live, &format!("{item}/motions"), &fields).await;
        self.chair.does(&live, &format!("{item}/motions/1/opening"), &[("method", method)]).await;
        item
    }

    /// Hands are shown, from the first seat on: so many in favour, against, abstaining.
    async fn hands(&self, yes: i32, no: i32, abstain: i32) {
        let live = format!("{}/meetings/1/live?item={}", self.root, self.item);
        let to = format!("{}/meetings/1/items/{}/motions/1/hands", self.root, self.item);
        let said = (0..yes).map(|_| "yes").chain((0..no).map(|_| "no")).chain((0..abstain).map(|_| "abstain"));
        let fields: Vec<(String, &str)> = said.enumerate().map(|(i, c)| (format!("seat-{}", i + 1), c)).collect();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), *v)).collect();
        self.chair.does(&live, &to, &fields).await;
    }

    async fn closes(&self) {
        let live = format!("{}/meetings/1/live?item={}", self.root, self.item);
        self.chair.does(&live, &format!("{}/meetings/1/items/{}/motions/1/closing", self.root, self.item), &[]).await;
    }

    #[track_caller]
    fn came_to(&self, page: &crate::support::browser::Page, outcome: &str, name: &str) {
        assert!(page.says(outcome), "{name}: {}", page.text());
    }

    async fn vector(&mut self, name: &str, recused: i32, present: i32, (yes, no, abstain): (i32, i32, i32), outcome: &str) {
        let item = self.votes_on(recused, present, "named").await;
        self.hands(yes, no, abstain).await;
        self.closes().await;
        self.came_to(&self.chair.reads(&format!("{item}/motions/1")).await, outcome, name);
    }
}

on_both! {
    async fn every_vector_of_nine_seats(town: Town) {
        let site = town.site().await;
        let mut nine = Bench::of(&town, &site, &town.district, Some(&town.elsewhere), 9).await;
        nine.meets(&town, 10).await;
        nine.vector("C01", 0, 5, (5, 0, 0), "9席−0回避=9有权→5过半要≤5赞成").await;
        nine.vector("C02", 0, 4, (4, 0, 0), "人数不够，没有决定").await;
        nine.vector("C03", 0, 6, (4, 1, 1), "5过半要>4赞成").await;
        nine.vector("C04", 1, 5, (4, 1, 0), "9席−1回避=8有权→5过半要>4赞成").await;
        nine.vector("C05", 1, 5, (5, 0, 0), "9席−1回避=8有权→5过半要≤5赞成").await;
        nine.vector("C06", 5, 4, (4, 0, 0), "有权席位不足半数，转街道定").await;
        nine.vector("C09", 4, 3, (3, 0, 0), "9席−4回避=5有权→3过半要≤3赞成").await;

        let item = nine.votes_on(0, 6, "consensus").await;
        nine.closes().await;
        nine.came_to(&nine.chair.reads(&format!("{item}/motions/1")).await, "一致通过", "C10");

        let item = nine.votes_on(0, 6, "consensus").await;
        let live = format!("{}/meetings/1/live?item={}", nine.root, nine.item);
        nine.chair.does(&live, &format!("{item}/motions/1/objections"), &[("objections", "1")]).await;
        nine.hands(5, 1, 0).await;
        nine.closes().await;
        let page = nine.chair.reads(&format!("{item}/motions/1")).await;
        nine.came_to(&page, "5过半要≤5赞成", "C11");
        nine.came_to(&page, "征求一致时1人反对，记录在案", "C11");

        let item = nine.votes_on(0, 5, "named").await;
        nine.hands(4, 0, 0).await;
        nine.marks(5, "left").await;
        nine.closes().await;
        nine.came_to(&nine.chair.reads(&format!("{item}/motions/1")).await, "人数不够，没有决定", "C12");
    }

    async fn a_tie_of_eight_seats_at_a_districts_council(town: Town) {
        let site = town.site().await;
        let mut eight = Bench::of(&town, &site, &town.district, None, 8).await;
        eight.meets(&town, 1).await;
        eight.vector("C07", 0, 8, (4, 4, 0), "8席−0回避=8有权→5过半要>4赞成").await;
        assert!(eight.chair.reads("/d/qingtang/meetings/1/items/1/motions/1").await.says("没有通过"));
    }

    async fn votes_that_are_refused(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        room.meets().await;
        room.signs_in([1, 2, 3, 4, 5, 6, 7, 8]).await;
        room.puts(&[]).await;
        let page = format!("{ITEM}/motions/1");
        let to = format!("{page}/votes");
        // Before it is open there is no ballot.
        assert!(room.members[6].reads(&page).await.form(&to).is_none());
        room.opens_vote(1, "named").await;

        // Not signed in.
        let late = &room.members[8];
        assert!(late.reads(&page).await.says("您还没有签到"));
        let token = |page: &crate::support::browser::Page| page.form(&format!("{ITEM}/interest")).expect("a form").iter().find(|(n, _)| n == "token").expect("a token").1.clone();
        let t = token(&late.reads(&page).await);
        let refused = late.posts(&to, &[("token", &t), ("form", "ballot"), ("choice", "yes")]).await;
        assert!(refused.status == Status::Conflict && refused.says("没有签到"), "{}", refused.text());

        // Nothing chosen: said beside the ballot.
        let nothing = room.members[5].fills(&page, &to, &[]).await;
        assert_eq!(nothing.status, Status::UnprocessableEntity);
        assert!(nothing.says("请先选赞成、反对或弃权"), "{}", nothing.text());

        // The deputy, while the holder is there.
        let deputy = site.signed_in(&town.deputy).await;
        assert!(deputy.reads(&page).await.says("这一席由到场的人投票"));
        let t = token(&deputy.reads(&page).await);
        let refused = deputy.posts(&to, &[("token", &t), ("form", "ballot"), ("choice", "yes")]).await;
        assert!(refused.says("替补不能再投"), "{} {}", refused.status, refused.text());

        // Twice.
        let ballot = room.members[6].reads(&page).await.form(&to).expect("a ballot");
        room.vote(1, [7], "yes").await;
        let again: Vec<(&str, &str)> = ballot.iter().map(|(n, v)| (n.as_str(), v.as_str())).chain([("choice", "no")]).collect();
        let refused = room.members[6].posts(&to, &again).await;
        assert!(refused.status == Status::Conflict && refused.says("已经投过票"), "{}", refused.text());
        assert!(room.members[6].reads(&page).await.says("您投了赞成"));

        // Recused: the ballot is gone, and a ballot kept open is refused.
        let ballot = room.members[7].reads(&page).await.form(&to).expect("a ballot");
        room.members[7].does(&page, &format!("{ITEM}/interest"), &[]).await;
        let kept: Vec<(&str, &str)> = ballot.iter().map(|(n, v)| (n.as_str(), v.as_str())).chain([("choice", "yes")]).collect();
        let refused = room.members[7].posts(&to, &kept).await;
        assert!(refused.status == Status::Conflict && refused.says("回避"), "{}", refused.text());

        // No seat at all.
        let t = token(&room.members[5].reads(&page).await);
        let secretary = room.secretary.posts(&to, &[("token", &t), ("choice", "yes")]).await;
        assert_eq!(secretary.status, Status::Forbidden, "a secretary has no vote");

        // Seven of twelve are needed; one leaves in the middle.
        room.vote(1, [1, 2, 3, 4, 5, 6], "yes").await;
        room.members[6].does(SEAT, PRESENCE, &[("how", "left")]).await;
        assert!(room.convenor.reads(LIVE_ITEM).await.says("现在结束：人数不够"));
        room.closes_vote(1).await;
        assert!(room.members[0].reads(&page).await.says("人数不够，没有决定"));

        // After closing.
        let refused = room.members[5].posts(&to, &[("token", &t), ("form", "ballot"), ("choice", "yes")]).await;
        assert!(refused.status == Status::Conflict && refused.says("表决已经结束"), "{}", refused.text());
    }

    async fn a_deputy_sits_until_the_holder_comes(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        room.meets().await;
        let deputy = site.signed_in(&town.deputy).await;
        deputy.does(PRESENCE, PRESENCE, &[("how", "online")]).await;
        room.puts(&[]).await;
        room.opens_vote(1, "named").await;
        let page = format!("{ITEM}/motions/1");
        assert!(deputy.reads(&page).await.form(&format!("{page}/votes")).is_some());
        room.members[4].does(PRESENCE, PRESENCE, &[("how", "room"), ("code", &room.code().await)]).await;
        assert!(deputy.reads(&page).await.form(&format!("{page}/votes")).is_none());
        assert!(deputy.reads(MEETING).await.says("这一席本人已经到会"));
        room.vote(1, [5], "yes").await;
    }
}
