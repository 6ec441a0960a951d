//! Roles and rights: one table from role to what it may do, asked by every guard.

vocabulary! {
    /// A role of a person in an organisation, for a building or a district.
    Role {
        /// 物业: works the desk of a property manager (or its contractor).
        Staff = "staff",
        /// 企业代表: speaks for an enterprise.
        Representative = "representative",
        /// 议事会成员: holds a seat or deputises.
        Member = "member",
        /// 秘书: agenda, minutes, release.
        Secretary = "secretary",
        /// 召集人: convenes and presides.
        Convenor = "convenor",
        /// 商会: officer of an association.
        Association = "association",
        /// 街道部门: officer of a department.
        Department = "department",
        /// 编辑: publishes.
        Editor = "editor",
        /// 管理员: people, places, letters.
        Administrator = "administrator",
    }
}

/// What may be done, as handlers ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// Open the desk and read the working side of matters.
    Desk,
    /// Accept, ask back, transfer, decline, merge, long-term list.
    Triage,
    /// Keep the roster of one's own organisation.
    Roster,
    /// Take on and finish tasks of one's own organisation; sign or answer its undertakings.
    Work,
    /// Take up what is late, for the street.
    Supervise,
    /// Put a matter on the council's list.
    Nominate,
    /// Release or withhold visitors' words.
    Release,
    /// Take what is public of a report out of sight, with a reason.
    Hide,
    /// Agenda, meetings, minutes, effect checks.
    Secretariat,
    /// Open and close meetings and votes.
    Preside,
    /// Sign in to a meeting, declare an interest, vote.
    Vote,
    /// Editions and stories.
    Edit,
    /// Say beforehand what will not work.
    Announce,
    /// Posters.
    Posters,
    /// Slips by which workers prove where they work.
    Slips,
    /// Robots that tell an organisation's chat group.
    Channels,
    /// Who sits in the council.
    Seats,
    /// The people of one's own organisation; an administrator's: of all.
    People,
    /// Matters of a former system, from a spreadsheet.
    Import,
    /// Plans of what is done again and again.
    Maintain,
    /// Buildings, places, organisations, letters, calendars.
    Administer,
}

impl Right {
    /// Every right.
    pub const ALL: &'static [Right] = &[
        Right::Desk,
        Right::Triage,
        Right::Roster,
        Right::Work,
        Right::Supervise,
        Right::Nominate,
        Right::Release,
        Right::Hide,
        Right::Secretariat,
        Right::Preside,
        Right::Vote,
        Right::Edit,
        Right::Announce,
        Right::Posters,
        Right::Slips,
        Right::Channels,
        Right::Seats,
        Right::People,
        Right::Import,
        Right::Maintain,
        Right::Administer,
    ];

    /// The roles that have it.
    pub fn roles(self) -> &'static [Role] {
        use Role::*;
        match self {
            Right::Desk => Role::ALL,
            Right::Triage => &[Staff, Secretary, Department, Association],
            Right::Roster => &[Staff, Department, Association],
            Right::Work => &[Staff, Representative, Department, Association],
            Right::Supervise => &[Department],
            Right::Nominate => &[Secretary, Staff, Representative, Member, Convenor, Department, Association],
            Right::Release => &[Secretary, Editor],
            Right::Hide => &[Secretary, Editor, Staff],
            Right::Secretariat => &[Secretary],
            Right::Preside => &[Secretary, Convenor],
            Right::Vote => &[Member, Convenor],
            Right::Edit => &[Editor],
            Right::Announce => &[Staff, Secretary, Administrator],
            Right::Posters => &[Staff, Secretary, Administrator],
            Right::Slips => &[Representative, Secretary],
            Right::Channels => &[Administrator, Secretary, Staff, Representative, Department, Association],
            Right::Seats => &[Secretary, Administrator],
            Right::People => &[Administrator, Staff, Representative, Association, Department],
            Right::Import => &[Administrator, Staff],
            Right::Maintain => &[Administrator, Staff],
            Right::Administer => &[Administrator],
        }
    }
}

impl Role {
    /// Whether this role has the right.
    pub fn may(self, right: Right) -> bool {
        right.roles().contains(&self)
    }
}
