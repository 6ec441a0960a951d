//! What is done for the council, on its pages.

use chrono::{DateTime, Utc};
use louyi::commands::demo::Session;
use louyi::domain::meetings::items::{self, Item};
use louyi::domain::meetings::presence::How;
use louyi::domain::{councils, issues, meetings, motions, recorded, resolutions, undertakings};
use louyi::kernel::act::Actor;
use louyi::kernel::calendar::BEIJING;
use louyi::kernel::ids::{ItemId, MeetingId, MotionId, ResolutionId, UndertakingId};
use sea_orm::DatabaseConnection;

use super::desk::decimal;
use super::forms::{Fields, does};
use super::pages::Pages;

/// Where things are.
struct Ways(DatabaseConnection);

impl Ways {
    async fn root(&self, council: louyi::kernel::ids::CouncilId) -> String {
        let council = councils::by_id(&self.0, council).await.expect("the council");
        recorded::root(&self.0, &council).await.expect("its address")
    }

    async fn meeting(&self, id: MeetingId) -> String {
        let meeting = meetings::by_id(&self.0, id).await.expect("the meeting");
        format!("{}/meetings/{}", self.root(meeting.council_id).await, meeting.number)
    }

    async fn read_item(&self, id: ItemId) -> Item {
        items::by_id(&self.0, id).await.expect("the item")
    }

    /// On the council's list, before it is on an agenda.
    async fn waiting(&self, id: ItemId) -> String {
        let item = self.read_item(id).await;
        let all = items::of_council(&self.0, item.council_id).await.expect("items");
        let k = all.iter().position(|i| i.id == id).expect("on the list") + 1;
        format!("{}/council/items/{k}", self.root(item.council_id).await)
    }

    /// On the agenda, and the page of the session at which it is treated.
    async fn item(&self, id: ItemId) -> (String, String) {
        let item = self.read_item(id).await;
        let meeting = self.meeting(item.meeting_id.expect("on an agenda")).await;
        (format!("{meeting}/items/{}", item.position), format!("{meeting}/live?item={}", item.position))
    }

    async fn motion(&self, id: MotionId) -> (String, String) {
        let motion = motions::by_id(&self.0, id).await.expect("the motion");
        let (item, live) = self.item(motion.item_id).await;
        (format!("{item}/motions/{}", motion.number), live)
    }

    async fn undertaking(&self, id: UndertakingId) -> String {
        let asked = undertakings::by_id(&self.0, id).await.expect("the undertaking");
        format!("{}/undertakings/{}", self.item(asked.item_id).await.0, asked.number)
    }

    async fn resolution(&self, id: ResolutionId) -> String {
        let resolution = resolutions::by_id(&self.0, id).await.expect("the resolution");
        format!("{}/resolutions/{}", self.root(resolution.council_id).await, resolution.address())
    }
}

impl Pages<'_> {
    pub async fn session(&mut self, at: DateTime<Utc>, actor: &Actor, what: Session<'_>) {
        let ways = Ways(self.house.read().clone());
        let text = str::to_owned;
        let (page, action, fields): (String, String, Fields) = match what {
            Session::Draft { council, starts_at, place } => {
                let all = format!("{}/meetings", ways.root(council.id).await);
                let starts = starts_at.with_timezone(&BEIJING).format("%Y-%m-%dT%H:%M").to_string();
                (all.clone(), all, vec![("kind", text("regular")), ("starts_at", starts), ("place", text(place))])
            }
            Session::Propose(issue) => {
                let issue = issues::by_id(&ways.0, issue).await.expect("the matter");
                let council = councils::of_building(&ways.0, issue.building_id).await.expect("the council");
                let page = format!("{}/council", ways.root(council.id).await);
                (page.clone(), format!("{page}/items"), vec![("issue", issue.number.to_string()), ("source", text("issue"))])
            }
            Session::Prepare { item, title, question, competence, papers } => {
                let page = ways.waiting(item).await;
                let fields =
                    vec![("title", text(title)), ("question", text(question)), ("competence", text(competence.as_str())), ("papers", text(papers))];
                (page.clone(), page, fields)
            }
            Session::List { meeting, item } => {
                let page = ways.waiting(item).await;
                let meeting = meetings::by_id(&ways.0, meeting).await.expect("the meeting");
                (page.clone(), format!("{page}/listing"), vec![("meeting", meeting.number.to_string())])
            }
            Session::Call(meeting) => {
                let page = ways.meeting(meeting).await;
                (page.clone(), format!("{page}/notice"), vec![])
            }
            Session::Ask { item, of, words, measure, due } => {
                let (page, _) = ways.item(item).await;
                // The end of a day is the first instant of the next.
                let day = (due - chrono::Duration::seconds(1)).with_timezone(&BEIJING).date_naive();
                let fields = vec![("organisation", of.slug.clone()), ("words", text(words)), ("measure", text(measure)), ("due", day.to_string())];
                (page.clone(), format!("{page}/undertakings"), fields)
            }
            Session::Sign(id) => {
                let page = ways.undertaking(id).await;
                (page.clone(), page, vec![("answer", text("sign")), ("vouch", text("1"))])
            }
            Session::Open(meeting) => {
                let page = ways.meeting(meeting).await;
                (page.clone(), format!("{page}/session"), vec![])
            }
            Session::Come { meeting, person, how, .. } => {
                assert_eq!(actor.person(), Some(person));
                let page = format!("{}/presence", ways.meeting(meeting).await);
                // Whoever is in the room types what the projector shows.
                let code = meetings::by_id(&ways.0, meeting).await.expect("the meeting").room_code(self.house.keys(), at);
                (page.clone(), page, vec![("how", text(how.as_str())), ("code", if how == How::Room { code } else { String::new() })])
            }
            Session::Declare { item, .. } => {
                let (page, _) = ways.item(item).await;
                (page.clone(), format!("{page}/interest"), vec![])
            }
            Session::Put { item, motion } => {
                let (page, live) = ways.item(item).await;
                let mut fields = vec![
                    ("title", text(motion.title)),
                    ("words", text(motion.words)),
                    ("reasons", text(motion.reasons)),
                    ("no_action", text(motion.terms.no_action)),
                ];
                if let Some(p) = &motion.promise {
                    fields.extend([
                        ("figure", text(p.figure.as_str())),
                        ("unit", p.unit.clone()),
                        ("target", decimal(p.target, p.decimals)),
                        ("check_days", text(motion.check_days)),
                    ]);
                    fields.extend(p.before.map(|v| ("before", decimal(v, p.decimals))));
                }
                if let Some(id) = motion.supersedes {
                    fields.push(("supersedes", resolutions::by_id(&ways.0, id).await.expect("the resolution").address()));
                }
                fields.extend(motion.terms.upon.map(|u| ("upon", text(u.as_str()))));
                fields.extend([("force_until", text(motion.terms.until)), ("review_on", text(motion.terms.review_on))]);
                (live, format!("{page}/motions"), fields)
            }
            Session::TakeBack(motion) => {
                let (motion, live) = ways.motion(motion).await;
                (live, format!("{motion}/withdrawal"), vec![])
            }
            Session::OpenVote(motion, method) => {
                let (motion, live) = ways.motion(motion).await;
                (live, format!("{motion}/opening"), vec![("method", text(method.as_str()))])
            }
            Session::Cast { motion, person, choice, .. } => {
                assert_eq!(actor.person(), Some(person));
                let (motion, _) = ways.motion(motion).await;
                (motion.clone(), format!("{motion}/votes"), vec![("choice", text(choice.as_str()))])
            }
            Session::CloseVote(motion) => {
                let (motion, live) = ways.motion(motion).await;
                (live, format!("{motion}/closing"), vec![])
            }
            Session::Refer { item, words } => {
                let (page, live) = ways.item(item).await;
                (live, format!("{page}/referral"), vec![("words", text(words))])
            }
            Session::Close(meeting) => {
                let meeting = ways.meeting(meeting).await;
                (format!("{meeting}/live"), format!("{meeting}/closing"), vec![])
            }
            Session::Publish(id) => {
                let page = ways.resolution(id).await;
                (page.clone(), format!("{page}/publication"), vec![])
            }
            Session::Dissent { resolution, words } => {
                let page = ways.resolution(resolution).await;
                (page.clone(), format!("{page}/dissent"), vec![("words", text(words))])
            }
            Session::SaveMinutes { meeting, words } => {
                let page = format!("{}/minutes", ways.meeting(meeting).await);
                (page.clone(), page, vec![("minutes", text(words))])
            }
            Session::SendMinutes(meeting) => {
                let page = format!("{}/minutes", ways.meeting(meeting).await);
                (page.clone(), format!("{page}/sending"), vec![])
            }
            Session::SignMinutes { meeting, .. } => {
                let page = format!("{}/minutes", ways.meeting(meeting).await);
                (page.clone(), format!("{page}/signature"), vec![])
            }
            Session::AdoptMinutes(meeting) => {
                let page = format!("{}/minutes", ways.meeting(meeting).await);
                (page.clone(), format!("{page}/adoption"), vec![])
            }
            Session::OfferDates { .. } | Session::AnswerDates { .. } | Session::Excuse { .. } => panic!("the lift case has no such step"),
            Session::Raise { .. } | Session::AskChanges(..) | Session::Defer { .. } | Session::Drop(_) => panic!("the lift case has no such step"),
        };
        does(self.at(at, actor).await, &page, &action, fields, &[]).await;
    }
}
