//! The board of progress: which of a council's resolutions have something going on, something late, a check ahead, or helped.

/// What the board shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Showing {
    /// Everything that holds or is to hold.
    #[default]
    All,
    /// Somebody owes something.
    Open,
    /// Something of it is late.
    Late,
    /// A check is ahead.
    Check,
    /// The last check found it effective.
    Helped,
}

impl Showing {
    /// Every one, in the order of the page.
    pub const ALL: &'static [Showing] = &[Showing::All, Showing::Open, Showing::Late, Showing::Check, Showing::Helped];

    /// Its word in addresses and locales.
    pub fn as_str(self) -> &'static str {
        match self {
            Showing::All => "all",
            Showing::Open => "open",
            Showing::Late => "late",
            Showing::Check => "check",
            Showing::Helped => "helped",
        }
    }

    /// By its word.
    pub fn named(word: &str) -> Option<Showing> {
        Showing::ALL.iter().copied().find(|s| s.as_str() == word)
    }

    /// On `resolutions r`; each `?` is the present instant. What helped counts, whether it still holds or not.
    pub(super) fn condition(self) -> &'static str {
        match self {
            Showing::All => " and r.ended_at is null",
            Showing::Open => {
                " and r.ended_at is null and (exists (select 1 from tasks t where t.resolution_id = r.id and t.state in ('dispatched','acknowledged','in_work')) \
                 or exists (select 1 from motion_tasks m where m.motion_id = r.motion_id and m.task_id is null) \
                 or exists (select 1 from undertakings u where u.resolution_id = r.id and u.state in ('asked','changes_asked')))"
            }
            Showing::Late => {
                " and r.ended_at is null and exists (select 1 from tasks t where t.resolution_id = r.id and t.state in ('dispatched','acknowledged','in_work') \
                 and t.due_at <= ? and not exists (select 1 from clock_stops c where c.task_id = t.id and c.ended_at is null))"
            }
            Showing::Check => " and r.ended_at is null and exists (select 1 from effect_checks c where c.resolution_id = r.id and c.verdict is null)",
            Showing::Helped => {
                " and (select c.verdict from effect_checks c where c.resolution_id = r.id and c.verdict is not null \
                 order by c.planned_on desc, c.created_at desc limit 1) = 'effective'"
            }
        }
    }
}
