//! The town in which the stories happen: one district, a tower that most of them happen in, another one beside it,
//! and everybody who acts. The clock stands at nine twelve on a Monday until a story moves it.

use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use louyi::domain::buildings::{self, Building, District, NewBuilding, NewDistrict, NewPlace, Place, PlaceKind};
use louyi::domain::councils::{self, Council, NewSeat, Seat, SeatClass};
use louyi::domain::issues::{self, Issue};
use louyi::domain::journal::Entry;
use louyi::domain::organisations::{self, NewOrganisation, Organisation, OrganisationKind};
use louyi::domain::persons::{self, Scope};
use louyi::domain::reports::{self, Report};
use louyi::domain::rights::Role;
use louyi::kernel::act::{Act, Actor, House};
use louyi::kernel::calendar::BEIJING;
use louyi::kernel::clock::Clock;
use louyi::kernel::db::Db;
use louyi::kernel::error::Result;
use louyi::kernel::i18n::Lang;
use louyi::kernel::ids::{IssueId, PersonId, ReportId};
use louyi::kernel::keys::Keys;
use louyi::kernel::settings::Settings;
use louyi::kernel::{journal, outbox};
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::people::Who;

/// A matter of a story: only its id, since what it is changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matter(pub IssueId);

/// What somebody who reported holds in their hand.
#[derive(Clone, Debug)]
pub struct Told {
    pub matter: Matter,
    pub report: ReportId,
    pub receipt: String,
    pub code: String,
    /// The form had been sent before.
    pub again: bool,
}

/// The town. A clone is the same town.
#[derive(Clone)]
pub struct Town(Arc<Inner>);

/// Everything and everybody in it.
pub struct Inner {
    pub house: House,
    pub url: String,
    pub district: District,
    pub tower: Building,
    /// Another tower of the district, with its own property manager.
    pub elsewhere: Building,
    pub lobby: Place,
    pub gate: Place,
    /// Let to a single unit.
    pub unit: Place,
    pub lobby_elsewhere: Place,
    pub manager: Organisation,
    /// More than 6,000 workers.
    pub sunflower: Organisation,
    pub egret: Organisation,
    pub contractor: Organisation,
    pub department: Organisation,
    pub chamber: Organisation,
    pub station: Organisation,
    pub staff: Who,
    pub colleague: Who,
    pub staff_elsewhere: Who,
    pub representative: Who,
    pub neighbour: Who,
    pub fitter: Who,
    pub officer: Who,
    pub chamber_officer: Who,
    pub secretary: Who,
    pub convenor: Who,
    pub editor: Who,
    pub second_editor: Who,
    pub administrator: Who,
    /// Thirteen seats; the first is the convenor's, the second the property manager's, the fifth the great tenant's.
    pub members: Vec<Who>,
    /// The standing deputy of the fifth seat.
    pub deputy: Who,
    pub council: Council,
}

impl Deref for Town {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// An instant as people in Shanghai say it: `2026-11-23 09:12`.
pub fn shanghai(words: &str) -> DateTime<Utc> {
    let naive = chrono::NaiveDateTime::parse_from_str(words, "%Y-%m-%d %H:%M").expect("a date and a time");
    naive.and_local_timezone(BEIJING).single().expect("one instant").to_utc()
}

/// Settings with which every house of the stories is built.
pub fn settings(folder: &Path) -> Settings {
    Settings { data: folder.to_owned(), public_url: "https://louyi.example".into(), ..Settings::default() }
}

/// A house on a database, as a further process would open it, with a clock of its own that stands. It reads by one connection: a
/// page that holds it and asks for another stands still here, as it would for everybody when many open it at once.
pub async fn house(url: &str, folder: &Path, at: DateTime<Utc>) -> House {
    let db = Db::open_for(url, 1).await.expect("the database opens");
    House::new(db, Clock::standing_at(at), super::calendar(), Keys::fixed(7), settings(folder))
}

struct Founding<'a> {
    act: &'a Act,
    district: &'a District,
    tower: &'a Building,
}

impl Founding<'_> {
    async fn place(&self, building: &Building, kind: PlaceKind, code: &str, name: &str, floor: &str, let_to_one: bool) -> Place {
        let new = NewPlace { parent: None, kind, code, name, name_en: code, tower: Some("南座"), floor: Some(floor), let_to_one };
        building.add_place(self.act, new).await.expect("a place")
    }

    async fn organisation(&self, at: Option<&Building>, kind: OrganisationKind, slug: &str, name: &str, workers: Option<i32>) -> Organisation {
        let new = NewOrganisation { kind, slug, name, name_en: slug, short: name, short_en: slug, workers, email: None };
        organisations::add(self.act, self.district, at, new).await.expect("an organisation")
    }

    async fn person(&self, name: &str, of: &Organisation, role: Role, scope: Scope) -> Who {
        let mail = format!("{}@louyi.example", name.to_lowercase().replace(' ', "."));
        let person = persons::add(self.act, name, name, Some(&mail), Lang::Zh).await.expect("a person");
        let m = person.appoint(self.act, of.id, role, scope).await.expect("a role");
        Who::new(self.act.house(), person.id, m.actor())
    }

    async fn works_here(&self, name: &str, of: &Organisation, role: Role) -> Who {
        self.person(name, of, role, Scope::Building(self.tower.id)).await
    }
}

impl Town {
    /// Founds the town on a migrated database.
    pub async fn found(url: &str, folder: &Path) -> Town {
        let house = house(url, folder, shanghai("2026-11-23 09:12")).await;
        let act = house.act(Actor::System).await.expect("an act");
        let inner = Self::furnished(&act, url).await.expect("a town");
        act.commit().await.expect("commits");
        Town(Arc::new(inner))
    }

    async fn furnished(act: &Act, url: &str) -> Result<Inner> {
        use OrganisationKind as Kind;
        let district = buildings::found_district(
            act,
            NewDistrict {
                slug: "qingtang",
                code: "QT",
                short: "青塘",
                name: "青塘商圈",
                name_en: "Qingtang",
                street: "青塘路街道",
                street_en: "Qingtang Street",
                jurisdiction: "CN-SH",
            },
        )
        .await?;
        let mut towers = vec![];
        for (slug, code, name) in [("tingqiao", "TQ", "汀桥"), ("yuntai", "YT", "云台")] {
            let new = NewBuilding {
                slug,
                code,
                short: name,
                name,
                name_en: slug,
                address: "青塘路1号",
                duty_phone: "021-5550-0100",
                towers: "南座:-2:36,北座:-2:28",
            };
            towers.push(district.found_building(act, new).await?);
        }
        let (elsewhere, tower) = (towers.remove(1), towers.remove(0));
        let f = Founding { act, district: &district, tower: &tower };
        let lobby = f.place(&tower, PlaceKind::Lobby, "S1E", "东电梯厅", "1", false).await;
        let gate = f.place(&tower, PlaceKind::Gate, "S1G", "闸机", "1", false).await;
        let unit = f.place(&tower, PlaceKind::Room, "S18", "1801室", "18", true).await;
        let lobby_elsewhere = f.place(&elsewhere, PlaceKind::Lobby, "S1E", "大堂", "1", false).await;

        let manager = f.organisation(Some(&tower), Kind::PropertyManager, "tq-property", "汀桥物业", None).await;
        let manager_elsewhere = f.organisation(Some(&elsewhere), Kind::PropertyManager, "yt-property", "云台物业", None).await;
        let sunflower = f.organisation(Some(&tower), Kind::Enterprise, "sunflower", "向日葵科技", Some(6_120)).await;
        let egret = f.organisation(Some(&tower), Kind::Enterprise, "egret", "白鹭设计", Some(64)).await;
        let contractor = f.organisation(Some(&tower), Kind::Contractor, "lift-care", "恒升电梯", None).await;
        let department = f.organisation(None, Kind::Department, "city-order", "街道城管办", None).await;
        let chamber = f.organisation(None, Kind::Association, "chamber", "青塘商会", None).await;
        let station = f.organisation(Some(&tower), Kind::Station, "station", "汀桥服务站", None).await;

        let whole = Scope::District(district.id);
        let convenor = f.works_here("Convenor", &station, Role::Convenor).await;
        let deputy = f.works_here("Deputy", &sunflower, Role::Member).await;
        let mut members = vec![convenor.clone()];
        let mut seats = vec![NewSeat { class: SeatClass::Party, organisation: station.id, person: Some(convenor.id), deputy: None }];
        for n in 2..=13 {
            let (class, of) = match n {
                2 => (SeatClass::Property, manager.clone()),
                3 => (SeatClass::Residents, station.clone()),
                4 => (SeatClass::Street, department.clone()),
                5 => (SeatClass::Enterprise, sunflower.clone()),
                6 => (SeatClass::Enterprise, egret.clone()),
                _ => {
                    let slug = format!("tenant-{n}");
                    (SeatClass::Enterprise, f.organisation(Some(&tower), Kind::Enterprise, &slug, &format!("第{n}租户"), Some(40)).await)
                }
            };
            let member = f.works_here(&format!("Member {n}"), &of, Role::Member).await;
            seats.push(NewSeat { class, organisation: of.id, person: Some(member.id), deputy: (n == 5).then_some(deputy.id) });
            members.push(member);
        }
        let council = councils::found(act, &district, Some(&tower), "汀桥楼宇治理议事会", "Tingqiao Council", seats).await?;
        Ok(Inner {
            house: act.house().clone(),
            url: url.to_owned(),
            staff: f.works_here("Ana", &manager, Role::Staff).await,
            colleague: f.works_here("Bo", &manager, Role::Staff).await,
            staff_elsewhere: f.person("Chen", &manager_elsewhere, Role::Staff, Scope::Building(elsewhere.id)).await,
            representative: f.works_here("Wei", &sunflower, Role::Representative).await,
            neighbour: f.works_here("Lin", &egret, Role::Representative).await,
            fitter: f.works_here("Fitter", &contractor, Role::Staff).await,
            officer: f.person("Officer", &department, Role::Department, whole).await,
            chamber_officer: f.person("Chamber", &chamber, Role::Association, whole).await,
            secretary: f.works_here("Secretary", &station, Role::Secretary).await,
            editor: f.person("Editor", &station, Role::Editor, whole).await,
            second_editor: f.person("Second Editor", &station, Role::Editor, whole).await,
            administrator: f.person("Admin", &station, Role::Administrator, whole).await,
            convenor,
            deputy,
            members,
            council,
            lobby,
            gate,
            unit,
            lobby_elsewhere,
            manager,
            sunflower,
            egret,
            contractor,
            department,
            chamber,
            station,
            district,
            tower,
            elsewhere,
        })
    }

    /// Louyi itself, as a clock that runs out.
    pub fn louyi(&self) -> Who {
        Who::new(&self.house, PersonId(Default::default()), Actor::System)
    }

    /// Somebody without an account.
    pub fn visitor(&self) -> Who {
        Who::new(&self.house, PersonId(Default::default()), Actor::Visitor)
    }

    /// The holder of a receipt.
    pub fn holder_of(&self, told: &Told) -> Who {
        Who::new(&self.house, PersonId(Default::default()), Actor::Reporter(told.report))
    }

    /// Somebody of an organisation in a role, for tables over roles.
    pub fn somebody(&self, of: &Organisation, role: Role) -> Who {
        let id = self.administrator.id;
        Who::new(&self.house, id, Actor::Person { id, organisation: of.id, role: role.as_str() })
    }

    /// The seat with a number.
    pub async fn seat(&self, number: i32) -> Seat {
        let seats = self.council.seats(self.house.read()).await.expect("seats");
        seats.into_iter().find(|s| s.number == number).expect("such a seat")
    }

    /// The matter as it stands.
    pub async fn now(&self, matter: Matter) -> Issue {
        issues::by_id(self.house.read(), matter.0).await.expect("the matter")
    }

    /// The report as it stands.
    pub async fn report(&self, told: &Told) -> Report {
        reports::by_id(self.house.read(), told.report).await.expect("the report")
    }

    /// What happened to a matter, by name and in order.
    pub async fn story(&self, matter: Matter) -> Vec<String> {
        journal::of_issue(self.house.read(), matter.0).await.expect("lines").into_iter().map(|l| l.act).collect()
    }

    /// The last thing that happened to a matter.
    pub async fn last(&self, matter: Matter) -> Entry {
        journal::last_of_issue(self.house.read(), matter.0).await.expect("reads").expect("a line").entry().expect("an entry")
    }

    /// Letters owed and not yet sent: kind, and to whom.
    pub async fn letters(&self, kind: &str) -> Vec<outbox::Address> {
        let rows = outbox::Entity::find()
            .filter(outbox::Column::Kind.eq(kind))
            .filter(outbox::Column::SentAt.is_null())
            .order_by_asc(outbox::Column::Id)
            .all(self.house.read())
            .await
            .expect("letters");
        rows.into_iter().filter_map(|l| l.person_id.map(outbox::Address::Person).or(l.report_id.map(outbox::Address::Report))).collect()
    }

    /// Everything sent so far has arrived.
    pub async fn letters_arrive(&self) {
        self.house.db().upkeep().execute_unprepared("delete from outbox").await.expect("deleted");
    }

    /// Sets the clock.
    pub fn it_is(&self, words: &str) {
        assert!(self.house.clock().set(shanghai(words)), "the town's clock stands");
    }

    /// Lets time pass.
    pub fn lets_pass(&self, time: Duration) {
        assert!(self.house.clock().set(self.house.now() + time), "the town's clock stands");
    }

    /// Lets time pass until `n` working days are over: the first instant at which something due in them is late.
    pub fn lets_working_days_pass(&self, n: u32) {
        let end = self.house.calendar().due(self.house.now(), n).at;
        assert!(self.house.clock().set(end), "the town's clock stands");
    }
}
