//! The command line as a person reads it in `--help`.

use clap::{Parser, Subcommand};

use super::{backup, calendar, demonstrate, import, ledger, person, restore};

const EXAMPLES: &str = "\
First steps:
  louyi demo                    a furnished district to click through; prints sign-in links
  louyi                         serves what lies in ./data, on http://127.0.0.1:8000
  louyi doctor                  checks everything an installation needs, with advice

Where things lie (LOUYI_DATA, by default ./data):
  louyi.db                      the database, unless LOUYI_DATABASE_URL names PostgreSQL
  files/                        photographs, named by their content
  keys/                         two secrets: back them up, show them to nobody

Environment (or the table [louyi] of Rocket.toml, in small letters without LOUYI_):
  LOUYI_DATA                    folder of the database, uploads and keys
  LOUYI_DATABASE_URL            postgres://user:password@host/database, for more than one machine
  LOUYI_PUBLIC_URL              what posters and letters point at: https://louyi.example.org
  LOUYI_MAIL_URL                smtp://host:25, smtps://user:password@host, or smtp://…?tls=required
  LOUYI_MAIL_FROM               the sender of letters: 楼议 <louyi@example.org>
  LOUYI_SMS_URL, LOUYI_SMS_TOKEN
                                the gateway for short messages, and its bearer token
  LOUYI_SMS_FOLDER              a folder for short messages in place of a gateway
  LOUYI_MAIL_IN_DOMAIN          the domain at which each building has an address: tingqiao@mail.example.org
  LOUYI_MAILDIR                 where such mail is delivered on this machine
  LOUYI_HOOK_SECRET             what must be shown at /hooks/… by whoever brings replies or mail
  LOUYI_MASTER_KEY, LOUYI_LEDGER_KEY
                                the two secrets, where several machines share one database
  LOUYI_DATA_SHARED             yes: with PostgreSQL, every machine sees the same LOUYI_DATA
  LOUYI_SUPERVISE_AFTER         working days late before the street is told (default: 3)
  LOUYI_MAIL_PER_MINUTE         letters that the mail server takes in a minute (default: 300)
  LOUYI_SMS_PER_MINUTE          short messages that the gateway takes in a minute (default: 60)
  LOUYI_ICP_NUMBER              the filing number shown at the foot of each page
  LOUYI_SOURCE_URL              where this version's source is; stands at the foot of pages (AGPL-3.0, 13)
  ROCKET_ADDRESS, ROCKET_PORT   where the server listens: 127.0.0.1 and 8000
  RUST_LOG                      what is logged: warn, info, louyi=debug
  LANG                          zh…: the commands answer in Chinese";

/// 楼议 · a governance issue tracker for office buildings.
#[derive(Parser)]
#[command(name = "louyi", version, about, after_help = EXAMPLES, max_term_width = 110, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Subcommand)]
pub enum Command {
    /// Serve the site (what louyi does without a command)
    #[command(long_about = "Serves the site: opens the database, brings it up to date, sends letters, watches the clocks.\n\n\
        Ends on SIGTERM or Ctrl-C within five seconds; what has been accepted is on disk before its page says so.")]
    Serve,
    /// A furnished district on a folder of its own: loads it, prints sign-in links, serves
    #[command(long_about = "A furnished district with invented names and two years of history, to click through.\n\n\
        The first start loads it into ./data-demo and prints a sign-in link for each role; later ones go on with it. \
        A folder that is there is never deleted. Letters are kept for the administrator's page instead of sent.")]
    Demo(demonstrate::Args),
    /// Bring the database up to date and end (serve does it by itself)
    Migrate,
    /// Add a person with a role, or make a new sign-in link
    #[command(subcommand)]
    Person(person::Args),
    /// Write database, uploads and keys into one file, while serving
    Backup(backup::Args),
    /// Bring a backup into an empty place, checked before anything is touched
    Restore(restore::Args),
    /// Check everything an installation needs, one line each, with advice
    #[command(long_about = "Checks the data folder, the disk, the keys, the database, the clock, the calendar, the public address, the mail \
        server, letters that wait, and the whole ledger. One line each: ✓ in order, ! to be looked at, ✗ broken.\n\n\
        Ends with status 1 if anything is broken.")]
    Doctor,
    /// The working-day calendar
    #[command(subcommand)]
    Calendar(calendar::Args),
    /// The public ledger
    #[command(subcommand)]
    Ledger(ledger::Args),
    /// Bring former complaints over from a spreadsheet (the page /b/BUILDING/imports does the same)
    #[command(
        long_about = "Brings former complaints over from a spreadsheet into a building: looks at every row and says what is wrong; with --write it \
        writes those that are new, and says how many rows a second.\n\n\
        Which column holds what is taken from the last import with the same head, or guessed from the head. What comes of it, and taking it \
        back, is on the page /b/BUILDING/imports."
    )]
    Import(import::Args),
}
