//! The list as somebody who works here may see it, to take along whole: the same filters, more columns, and the words only of
//! those matters of which they read them.

use futures::stream::{self, StreamExt as _};
use rocket::tokio::task::spawn_blocking;
use rocket::{Route, post, routes};

use super::filter::Asked;
use crate::domain::buildings::{self, Building, place};
use crate::domain::exports::{self, ExportedList, Narrowed};
use crate::domain::issues::{self, Issue, PublicFilter, PublicRow};
use crate::domain::journal::Reader;
use crate::domain::persons::Membership;
use crate::domain::reports::{self, Report};
use crate::domain::{categories, imports, tasks};
use crate::kernel::act::House;
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::IssueId;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::guards::{Desk, May};
use crate::web::sent::Sent;
use crate::web::sheet::{self, Book, Streamed};
use crate::web::shown::states;

pub(super) fn routes() -> Vec<Route> {
    routes![csv, xlsx]
}

/// Rows of one question.
const BLOCK: u32 = 500;
/// Most rows of a workbook: its texts are held until it is sent.
const MOST: usize = 100_000;
/// Longest text that a spreadsheet keeps in a cell.
const CELL: usize = 32_000;

const COLUMNS: [&str; 19] = [
    "label",
    "title",
    "words",
    "category",
    "place",
    "state",
    "closed_by",
    "holder",
    "reports",
    "received",
    "accepted",
    "first_answer_due",
    "result_due",
    "done",
    "closed",
    "moved",
    "contested",
    "former",
    "address",
];

/// Whose list it is, of what, and how far it has been read.
struct Export {
    house: House,
    building: Building,
    memberships: Vec<Membership>,
    filter: PublicFilter,
    lang: Lang,
    over: bool,
}

/// What is looked up for a block of rows.
struct Beside {
    tasks: Vec<tasks::Task>,
    reports: Vec<Report>,
    former: Vec<(IssueId, String)>,
}

impl Export {
    async fn of(who: &May<'_, Desk>, asked: &Asked) -> Result<Self> {
        let building = who.building()?.clone();
        let filter = asked.narrow(who.house.read(), &building, who.lang).await?.filter;
        let memberships = who.signed.memberships.clone();
        Ok(Self { house: who.house.clone(), building, memberships, filter, lang: who.lang, over: false })
    }

    /// Notes that it leaves the house, before any of it does.
    async fn noted(&self, who: &May<'_, Desk>, sent: &Sent<'_>, asked: &Asked) -> Result<()> {
        let db = who.house.read();
        let given = |word: &Option<String>| word.as_deref().map(str::trim).filter(|w| !w.is_empty()).map(str::to_owned);
        let place = match given(&asked.place) {
            Some(code) => Some(buildings::place_by_code(db, self.building.id, &code).await?.id),
            None => self.filter.places.as_ref().and_then(|all| all.first().copied()),
        };
        let narrowed = Narrowed {
            state: given(&asked.state),
            category: self.filter.category.clone(),
            place,
            further: self.filter.text.is_some() || self.filter.after.is_some(),
            ..Narrowed::default()
        };
        let rows = issues::public_count(db, self.building.id, &self.filter, u32::MAX).await?;
        let act = who.begin(sent).await?;
        exports::note(&act, self.building.id, ExportedList::Issues, narrowed, rows.into()).await?;
        act.commit().await
    }

    fn head(&self) -> Vec<String> {
        COLUMNS.iter().map(|c| self.lang.t(&format!("issues.export.{c}"))).collect()
    }

    fn name(&self, ending: &str) -> String {
        format!("{}-issues-{}.{ending}", self.building.slug, dates::local(self.house.now()).format("%Y%m%d"))
    }

    /// The next rows; none once all have been read.
    async fn next(&mut self) -> Result<Vec<Vec<String>>> {
        if self.over {
            return Ok(vec![]);
        }
        let db = &self.house.reading().await?;
        let mut rows = issues::public_list(db, self.house.now(), self.building.id, &self.filter, BLOCK).await?;
        self.over = rows.len() <= BLOCK as usize;
        rows.truncate(BLOCK as usize);
        self.filter.after = rows.last().map(|r| r.number).or(self.filter.after);
        let ids: Vec<IssueId> = rows.iter().map(|r| r.id).collect();
        let all = issues::by_ids(db, ids.clone()).await?;
        let beside = Beside {
            tasks: tasks::of_issues(db, ids.clone()).await?,
            reports: reports::of_issues(db, ids.clone()).await?,
            former: imports::formers(db, ids).await?,
        };
        Ok(rows.iter().filter_map(|r| Some(self.row(r, all.iter().find(|i| i.id == r.id)?, &beside))).collect())
    }

    fn row(&self, r: &PublicRow, i: &Issue, beside: &Beside) -> Vec<String> {
        let lang = self.lang;
        let parties: Vec<_> = i
            .holder_id
            .into_iter()
            .chain(i.offered_to_id)
            .chain(beside.tasks.iter().filter(|t| t.issue_id == i.id).map(|t| t.organisation_id))
            .collect();
        let sight = i.sight(&parties, &self.memberships, &self.building);
        let exact = matches!(sight.standing.reader(), Reader::Party | Reader::Secretary);
        let at = |at: chrono::DateTime<chrono::Utc>| dates::local(at).format("%Y-%m-%d %H:%M").to_string();
        let end = |end: chrono::DateTime<chrono::Utc>| dates::local(end - chrono::Duration::minutes(1)).format("%Y-%m-%d").to_string();
        let own = beside.reports.iter().filter(|x| x.issue_id == i.id);
        let words: Vec<&str> = own.filter_map(|x| if sight.words { x.words.as_deref() } else { x.public_words.as_deref() }).collect();
        let (name, into) = (lang.pick(&r.place_name, &r.place_name_en), r.into_number.map(|n| self.building.label(n)));
        let (tower, floor) = (r.tower.as_deref(), r.floor.as_deref());
        let former = beside.former.iter().find(|(id, _)| *id == i.id).map(|(_, n)| n.clone());
        let address = self.house.settings().address(&format!("/b/{}/issues/{}", self.building.slug, i.number));
        vec![
            self.building.label(i.number),
            if sight.words { i.title.clone() } else { i.title_for_public(lang) },
            words.join("\n").chars().take(CELL).collect(),
            categories::name(&i.category, lang),
            if sight.words { place::words(tower, floor, name, lang) } else { place::public_words(tower, floor, name, r.let_to_one, lang) },
            states::issue(i.state, i.closed_by, into.as_deref(), lang).word.into_owned(),
            i.closed_by.map_or_else(String::new, |by| by.as_str().to_owned()),
            lang.pick(r.holder.as_deref().unwrap_or_default(), r.holder_en.as_deref().unwrap_or_default()).to_owned(),
            i.reports.to_string(),
            at(if exact { i.received_at } else { dates::rounded(i.received_at) }),
            i.accepted_at.map(at).unwrap_or_default(),
            i.first_answer_due.filter(|_| exact).map(at).unwrap_or_default(),
            i.result_due.map(end).unwrap_or_default(),
            i.done_at.map(at).unwrap_or_default(),
            i.closed_at.map(at).unwrap_or_default(),
            at(if exact { i.moved_at } else { dates::rounded(i.moved_at) }),
            i.contested.to_string(),
            former.filter(|_| sight.words).unwrap_or_default(),
            address,
        ]
    }
}

/// The next block as it is sent; a fault ends the file with a line that says so.
async fn block(mut export: Export) -> Option<(Vec<u8>, Export)> {
    let rows = match export.next().await {
        Ok(rows) => rows,
        Err(error) => {
            tracing::error!(%error, "an export broke off");
            export.over = true;
            vec![vec![export.lang.t("issues.export_broke")]]
        }
    };
    if rows.is_empty() {
        return None;
    }
    Some((sheet::csv_rows(rows).unwrap_or_default(), export))
}

#[post("/<_>/issues/export.csv?<asked..>", data = "<sent>")]
async fn csv(who: May<'_, Desk>, asked: Asked, sent: Sent<'_>) -> Result<Streamed> {
    let export = Export::of(&who, &asked).await?;
    export.noted(&who, &sent, &asked).await?;
    let (head, name) = (sheet::csv_head(&export.head())?, export.name("csv"));
    Ok(Streamed { name, parts: stream::once(async { head }).chain(stream::unfold(export, block)).boxed() })
}

#[post("/<_>/issues/export.xlsx?<asked..>", data = "<sent>")]
async fn xlsx(who: May<'_, Desk>, asked: Asked, sent: Sent<'_>) -> Result<Answer> {
    let mut export = Export::of(&who, &asked).await?;
    export.noted(&who, &sent, &asked).await?;
    let (head, name, folder) = (export.head(), export.name("xlsx"), who.house.settings().data.clone());
    let (mut book, mut n) = (aside(move || Book::new(&head, &folder)).await?, 0);
    while n < MOST {
        let more = export.next().await?;
        if more.is_empty() {
            break;
        }
        n += more.len();
        book = aside(move || book.and(&more)).await?;
    }
    let body = aside(move || book.finish()).await?;
    Ok(Answer::bytes(sheet::xlsx_type(), body).named(&name).header("Cache-Control", "private, no-store"))
}

/// Beside the thread that answers others.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    spawn_blocking(work).await.map_err(|e| Error::broken(e.to_string()))?
}
