//! A council of any size for the vectors of its count: a building of its own, so many seats, one item without a matter
//! behind it, a meeting under way.

use std::sync::atomic::{AtomicU32, Ordering};

use chrono::Duration;
use louyi::domain::buildings::{self, NewBuilding};
use louyi::domain::councils::{self, Basis, Council, NewSeat, Seat, SeatClass};
use louyi::domain::meetings::items::{self, Competence, NewItem, Source};
use louyi::domain::meetings::presence::{Ground, How};
use louyi::domain::meetings::{self, MeetingKind, NewMeeting};
use louyi::domain::motions::{self, By, Method, Motion};
use louyi::domain::resolutions::Resolution;
use louyi::domain::votes::Choice;
use louyi::kernel::error::Result;
use louyi::kernel::ids::{ItemId, MeetingId, MotionId};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set};

use super::town::Town;
use super::verbs;

/// A council that is meeting.
pub struct Chamber<'t> {
    town: &'t Town,
    pub council: Council,
    pub seats: Vec<Seat>,
    pub meeting: MeetingId,
    pub item: ItemId,
}

impl Town {
    /// A council of so many seats meets; each seat's holder is one of the town's members.
    pub async fn a_council_of(&self, seats: usize, basis: Basis) -> Chamber<'_> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::SeqCst);
        let letters: String = [n / 676, n / 26 % 26, n % 26].iter().map(|d| char::from(b'A' + (*d % 26) as u8)).collect();
        let council = self
            .louyi()
            .gets(async |act| {
                let district = buildings::district_by_id(act.tx(), self.district.id).await?;
                let new = NewBuilding {
                    slug: &format!("chamber-{n}"),
                    code: &format!("X{letters}"),
                    short: "试",
                    name: "试验楼",
                    name_en: "Chamber",
                    address: "青塘路9号",
                    duty_phone: "021-5550-0199",
                    towers: "",
                };
                let building = district.found_building(act, new).await?;
                let holders = self.members.iter().take(seats);
                let seats = holders.map(|m| NewSeat { class: SeatClass::Party, organisation: self.station.id, person: Some(m.id), deputy: None });
                councils::found(act, &district, Some(&building), "试验议事会", "Chamber", seats.collect()).await
            })
            .await;
        let rules = council.rules(self.house.read()).await.expect("rules");
        let mut row: councils::rules::ActiveModel = rules.into();
        row.basis = Set(basis);
        row.update(self.house.db().upkeep()).await.expect("the basis is set");
        let (meeting, item) = self.convenes(&council).await;
        let seats = council.seats(self.house.read()).await.expect("seats");
        Chamber { town: self, council, seats, meeting, item }
    }

    /// A meeting of a council, called and opened, with one item that a member raised. Time passes.
    pub async fn convenes(&self, council: &Council) -> (MeetingId, ItemId) {
        let starts_at = self.house.now() + Duration::days(8);
        let council = council.id;
        let (meeting, item) = self
            .secretary
            .gets(async |act| {
                let council = councils::by_id(act.tx(), council).await?;
                let meeting = meetings::draft(
                    act,
                    &council,
                    NewMeeting { kind: MeetingKind::Regular, starts_at, place: "大会议室", online: None, votes_until: None },
                )
                .await?;
                let new =
                    NewItem { source: Source::Member, competence: Competence::Council, title: "试一试", question: "可以吗？", papers: "" };
                let item = items::raise(act, &council, new).await?;
                let item = meeting.clone().list(act, item).await?;
                meeting.call(act).await.map(|m| (m.id, item.id))
            })
            .await;
        self.lets_pass(Duration::days(8));
        self.convenor.opens(meeting).await.expect("opened");
        (meeting, item)
    }
}

impl Chamber<'_> {
    /// These seats, counted from 0, are taken by their holders.
    pub async fn sit(&self, seats: impl IntoIterator<Item = usize>) {
        for n in seats {
            let (seat, who) = (&self.seats[n], &self.town.members[n]);
            who.at_meeting(self.meeting, async |act, m| m.seat_present(act, seat, who.id, How::Room).await).await.expect("seated");
        }
    }

    /// A seat leaves the room.
    pub async fn leaves(&self, seat: usize) {
        let (seat, who) = (&self.seats[seat], &self.town.members[seat]);
        who.at_meeting(self.meeting, async |act, m| m.seat_left(act, seat).await).await.expect("left");
    }

    /// These seats leave the count.
    pub async fn recuse(&self, seats: impl IntoIterator<Item = usize>) {
        for n in seats {
            let seat = &self.seats[n];
            self.town.members[n].gets(async |act| items::by_id(act.tx(), self.item).await?.recuse(act, seat, Ground::Declared).await).await;
        }
    }

    /// A motion is put, and its vote opened.
    pub async fn put(&self, method: Method) -> MotionId {
        let motion = self.town.secretary.puts(self.item, verbs::motion()).await.expect("put").id;
        self.town.convenor.opens_vote(motion, method).await.expect("opened");
        motion
    }

    pub async fn votes(&self, motion: MotionId, seat: usize, choice: Choice) -> Result<()> {
        let (seat, who) = (&self.seats[seat], &self.town.members[seat]);
        who.does(async |act| motions::by_id(act.tx(), motion).await?.cast(act, seat, who.id, choice, By::Own).await).await
    }

    /// So many of the seats from the first one on say yes, no, abstain, in this order.
    pub async fn count(&self, motion: MotionId, first: usize, votes: [usize; 3]) {
        let choices = [Choice::Yes, Choice::No, Choice::Abstain].into_iter().zip(votes).flat_map(|(c, n)| std::iter::repeat_n(c, n));
        for (i, choice) in choices.enumerate() {
            self.votes(motion, first + i, choice).await.expect("votes");
        }
    }

    pub async fn close(&self, motion: MotionId, objections: u32) -> (Motion, Option<Resolution>) {
        self.town.convenor.closes_vote(motion, objections).await.expect("closed")
    }
}
