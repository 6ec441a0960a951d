//! What a desk is narrowed to: whose hands, which kind of trouble, which floor, which words; and the spans of time in which
//! its lines are read.

use chrono::{DateTime, Datelike as _, Days, NaiveTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Cond, ExprTrait as _, Func, LikeExpr};
use sea_orm::{QuerySelect as _, QueryTrait as _};

use super::{Line, What};
use crate::domain::buildings::place;
use crate::domain::issues::{Column, Entity};
use crate::kernel::calendar::BEIJING;
use crate::kernel::ids::PersonId;

/// In whose hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hands {
    Mine,
    /// Nobody's in particular.
    Nobodys,
}

impl Hands {
    /// The word in the address and in locales.
    pub fn as_str(self) -> &'static str {
        match self {
            Hands::Mine => "mine",
            Hands::Nobodys => "nobody",
        }
    }

    /// By its word.
    pub fn named(word: &str) -> Option<Hands> {
        [Hands::Mine, Hands::Nobodys].into_iter().find(|h| h.as_str() == word)
    }
}

/// When something is due: the groups of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Span {
    /// Contested: before everything else.
    First,
    Late,
    Today,
    /// Until Sunday.
    Week,
    /// After that, or without a date.
    Later,
}

impl Span {
    /// Every span, in the order of the list.
    pub const ALL: &'static [Span] = &[Span::First, Span::Late, Span::Today, Span::Week, Span::Later];

    /// The word in the address and in locales.
    pub fn as_str(self) -> &'static str {
        match self {
            Span::First => "first",
            Span::Late => "late",
            Span::Today => "today",
            Span::Week => "week",
            Span::Later => "later",
        }
    }

    /// By its word.
    pub fn named(word: &str) -> Option<Span> {
        Span::ALL.iter().copied().find(|s| s.as_str() == word)
    }
}

/// The instants that part the spans. An end is exclusive: what is due at 00:00 belongs to the day before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parting {
    pub(super) now: DateTime<Utc>,
    pub(super) today: DateTime<Utc>,
    week: DateTime<Utc>,
}

impl Parting {
    pub(super) fn at(now: DateTime<Utc>) -> Self {
        let day = now.with_timezone(&BEIJING).date_naive();
        let midnight = |after: u64| {
            let end = (day + Days::new(after)).and_time(NaiveTime::MIN).and_local_timezone(BEIJING);
            end.single().map_or(now, |t| t.with_timezone(&Utc))
        };
        let to_sunday = u64::from(7 - day.weekday().num_days_from_monday());
        Self { now, today: midnight(1), week: midnight(to_sunday) }
    }

    /// The span of a line.
    pub(super) fn of(&self, line: &Line) -> Span {
        match line.due {
            _ if line.first => Span::First,
            // A meeting begins, a vote runs: nobody is late for it.
            Some(due) if due <= self.now && matches!(line.what, What::Meeting(_) | What::Vote(..)) => Span::Today,
            Some(due) if due <= self.now => Span::Late,
            Some(due) if due <= self.today => Span::Today,
            Some(due) if due <= self.week => Span::Week,
            _ => Span::Later,
        }
    }

    /// A column that is due within a span.
    pub(super) fn due<C: ColumnTrait>(&self, column: C, span: Span) -> Cond {
        match span {
            Span::First => Cond::all().add(Expr::val(1).eq(0)),
            Span::Late => Cond::all().add(column.lte(self.now)),
            Span::Today => Cond::all().add(column.gt(self.now)).add(column.lte(self.today)),
            Span::Week => Cond::all().add(column.gt(self.today)).add(column.lte(self.week)),
            Span::Later => Cond::any().add(column.gt(self.week)).add(column.is_null()),
        }
    }
}

/// What is asked for. Nothing asked shows all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrow {
    pub hands: Option<Hands>,
    /// The code of a kind of trouble.
    pub category: Option<String>,
    /// As people say it: `B1`, `18`.
    pub floor: Option<String>,
    /// In the working title.
    pub words: Option<String>,
    pub span: Option<Span>,
}

impl Narrow {
    /// Whether it asks for something that only matters have.
    pub(super) fn about_matters(&self) -> bool {
        self.category.is_some() || self.floor.is_some() || self.words.is_some() || self.hands == Some(Hands::Nobodys)
    }

    /// What it asks of a matter itself.
    pub(super) fn of_matter(&self) -> Cond {
        let mut all = Cond::all();
        if let Some(code) = &self.category {
            all = all.add(Column::Category.eq(code.as_str()));
        }
        if let Some(floor) = &self.floor {
            let there = Expr::col((place::Entity, place::Column::Id)).equals((Entity, Column::PlaceId));
            let named = Expr::expr(Func::lower(Expr::col((place::Entity, place::Column::Floor)))).eq(floor.to_lowercase());
            let places = place::Entity::find().select_only().column(place::Column::Id).filter(there).filter(named);
            all = all.add(Expr::exists(places.into_query()));
        }
        if let Some(words) = &self.words {
            let like: String = words.chars().flat_map(|c| if matches!(c, '%' | '_' | '\\') { vec!['\\', c] } else { vec![c] }).collect();
            let like = LikeExpr::new(format!("%{}%", like.to_lowercase())).escape('\\');
            all = all.add(Expr::expr(Func::lower(Expr::col((Entity, Column::Title)))).like(like));
        }
        all
    }

    /// In whose hands, by this column.
    pub(super) fn in_hands<C: ColumnTrait>(&self, column: C, me: PersonId) -> Cond {
        match self.hands {
            None => Cond::all(),
            Some(Hands::Mine) => Cond::all().add(column.eq(me)),
            Some(Hands::Nobodys) => Cond::all().add(column.is_null()),
        }
    }
}
