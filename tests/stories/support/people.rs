//! Who acts in the stories, and what somebody says who reports.

use std::sync::atomic::{AtomicU64, Ordering};

use louyi::domain::buildings::Place;
use louyi::domain::categories;
use louyi::domain::organisations::Organisation;
use louyi::domain::reports::{self, Channel, Identity, MayKnow, NewReport};
use louyi::domain::rights::Role;
use louyi::kernel::act::{Act, Actor, House};
use louyi::kernel::error::Result;
use louyi::kernel::i18n::Lang;
use louyi::kernel::ids::PersonId;
use louyi::kernel::photos::Prepared;

use super::town::{Matter, Told, Town};

impl Town {
    /// One person per role; the member holds no other one.
    pub fn one_of_each_role(&self) -> Vec<(Role, &Who)> {
        vec![
            (Role::Staff, &self.staff),
            (Role::Representative, &self.representative),
            (Role::Member, &self.members[5]),
            (Role::Secretary, &self.secretary),
            (Role::Convenor, &self.convenor),
            (Role::Association, &self.chamber_officer),
            (Role::Department, &self.officer),
            (Role::Editor, &self.editor),
            (Role::Administrator, &self.administrator),
        ]
    }
}

/// Somebody who acts in one role.
#[derive(Clone)]
pub struct Who {
    house: House,
    pub id: PersonId,
    pub actor: Actor,
}

impl Who {
    pub fn new(house: &House, id: PersonId, actor: Actor) -> Self {
        Self { house: house.clone(), id, actor }
    }

    /// Does something in one act: all of it, or nothing.
    pub async fn does<T>(&self, deed: impl AsyncFnOnce(&Act) -> Result<T>) -> Result<T> {
        let act = self.house.act(self.actor.clone()).await?;
        let outcome = deed(&act).await?;
        act.commit().await?;
        Ok(outcome)
    }

    /// Does something that must succeed.
    pub async fn gets<T>(&self, deed: impl AsyncFnOnce(&Act) -> Result<T>) -> T {
        self.does(deed).await.unwrap_or_else(|e| panic!("it should have been done: {e:?}"))
    }
}

/// What somebody says who reports; every part has a sensible beginning.
pub struct About<'t> {
    town: &'t Town,
    words: String,
    place: Place,
    category: &'static str,
    may_know: MayKnow,
    who: Identity,
    device: Option<Vec<u8>>,
    form: Option<Vec<u8>>,
    channel: Channel,
    photos: Vec<Prepared>,
}

static FORM: AtomicU64 = AtomicU64::new(1);

impl Town {
    /// Somebody in the lift lobby has something to say.
    pub fn says(&self, words: &str) -> About<'_> {
        About {
            town: self,
            words: words.into(),
            place: self.lobby.clone(),
            category: "lift.queue",
            may_know: MayKnow::Nobody,
            who: Identity::default(),
            device: None,
            form: Some(FORM.fetch_add(1, Ordering::SeqCst).to_be_bytes().to_vec()),
            channel: Channel::Poster,
            photos: vec![],
        }
    }

    /// The shortest story: somebody reports something.
    pub async fn reports(&self, words: &str) -> Told {
        self.says(words).files().await
    }

    /// Somebody with the same trouble joins.
    pub async fn another_joins(&self, matter: Matter) -> Told {
        self.says("").joins(matter).await
    }
}

impl About<'_> {
    pub fn at(mut self, place: &Place) -> Self {
        self.place = place.clone();
        self
    }
    pub fn about(mut self, category: &'static str) -> Self {
        self.category = category;
        self
    }
    pub fn may_be_known_to(mut self, choice: MayKnow) -> Self {
        self.may_know = choice;
        self
    }
    pub fn named(mut self, name: &str, phone: &str) -> Self {
        self.who.name = Some(name.into());
        self.who.phone = Some(phone.into());
        self
    }
    pub fn by_mail(mut self, address: &str) -> Self {
        self.who.email = Some(address.into());
        self
    }
    pub fn by_sms(mut self, number: &str) -> Self {
        self.who = self.who.by_sms(number).expect("a number");
        self
    }
    pub fn working_at(mut self, organisation: &Organisation) -> Self {
        self.who.organisation = Some(organisation.id);
        self.who.floor = Some("18".into());
        self
    }
    pub fn on_floor(mut self, floor: &str) -> Self {
        self.who.floor = Some(floor.into());
        self
    }
    pub fn on_device(mut self, device: &str) -> Self {
        self.device = Some(device.as_bytes().to_vec());
        self
    }
    pub fn on_form(mut self, key: &str) -> Self {
        self.form = Some(key.as_bytes().to_vec());
        self
    }
    pub fn with_photo(mut self, photo: Prepared) -> Self {
        self.photos.push(photo);
        self
    }

    /// Sends the form.
    pub async fn sends(self) -> Result<Told> {
        let town = self.town;
        let building = if self.place.building_id == town.tower.id { &town.tower } else { &town.elsewhere };
        let category = categories::named(self.category)?;
        let place = self.place.clone();
        let filed = town.visitor().does(async |act| reports::file(act, building, &place, category, self.form()).await).await?;
        Ok(told(filed))
    }

    /// Sends the form, which must succeed.
    pub async fn files(self) -> Told {
        self.sends().await.expect("the report is filed")
    }

    /// Says "me too".
    pub async fn says_me_too(self, matter: Matter) -> Result<Told> {
        let town = self.town;
        let issue = town.now(matter).await;
        let (place, category) = (self.place.clone(), categories::named(&issue.category)?);
        let filed = town.visitor().does(async |act| reports::me_too(act, issue, &place, category, self.form()).await).await?;
        Ok(told(filed))
    }

    /// Says "me too", which must succeed.
    pub async fn joins(self, matter: Matter) -> Told {
        self.says_me_too(matter).await.expect("joins")
    }

    /// The form as the entrance would hand it over.
    pub fn form(&self) -> NewReport<'_> {
        NewReport {
            words: &self.words,
            channel: self.channel,
            poster: None,
            may_know: self.may_know,
            who: self.who.clone(),
            device: self.device.clone(),
            photos: self.photos.clone(),
            lang: Lang::Zh,
            form_key: self.form.clone(),
            behalf: None,
        }
    }
}

/// What the page tells after filing.
pub fn told(filed: reports::Filed) -> Told {
    Told { matter: Matter(filed.issue.id), report: filed.report.id, receipt: filed.receipt, code: filed.code, again: filed.again }
}
