//! Those who report: most say nothing of themselves, a few leave a number.

use crate::commands::demo::rhythm::Rhythm;
use crate::commands::demo::world::Home;
use crate::domain::reports::{Channel, Identity, MayKnow};
use crate::kernel::i18n::Lang;

const FAMILY_NAMES: [&str; 24] =
    ["林", "周", "吴", "郑", "沈", "陆", "杨", "何", "许", "蒋", "徐", "高", "顾", "邵", "唐", "冯", "董", "叶", "田", "范", "方", "石", "姚", "汪"];

/// What one person sends, beside place and kind.
#[derive(Clone)]
pub struct Said {
    pub words: String,
    pub channel: Channel,
    pub may_know: MayKnow,
    pub who: Identity,
    pub device: Option<Vec<u8>>,
    /// Which of the scene's pictures, if any.
    pub photo: Option<usize>,
    pub lang: Lang,
}

impl Said {
    /// Somebody at a place with or without a poster, in one of the building's units.
    pub fn by_somebody(rhythm: &mut Rhythm, home: &Home, poster: bool, words: &str) -> Self {
        let channel = match rhythm.below(100) {
            n if poster && n < 72 => Channel::Poster,
            0..40 => Channel::Web,
            40..62 => Channel::Chat,
            62..80 => Channel::Phone,
            80..90 => Channel::Desk,
            _ => Channel::Mail,
        };
        let may_know = match rhythm.below(100) {
            0..76 => MayKnow::Nobody,
            76..90 => MayKnow::Secretary,
            _ => MayKnow::SecretaryAndManager,
        };
        let mut who = Identity::default();
        if may_know != MayKnow::Nobody {
            let family = rhythm.one(&FAMILY_NAMES).copied().unwrap_or_default();
            who.name = Some(format!("{family}{}", if rhythm.percent(50) { "女士" } else { "先生" }));
            who.phone = Some(format!("130-5550-{:04}", rhythm.below(10_000)));
        }
        if rhythm.percent(6) {
            who.email = Some(format!("visitor{}@mail.example", rhythm.below(1_000_000)));
        }
        if rhythm.percent(60) && !home.tenants.is_empty() {
            let tenant = rhythm.weighted(home.tenants.iter().map(|t| t.workers.unwrap_or(1).unsigned_abs()));
            who.organisation = Some(home.tenants[tenant].id);
        }
        let device = matches!(channel, Channel::Poster | Channel::Web | Channel::Chat).then(|| rhythm.bytes());
        let photo = rhythm.percent(22).then(|| rhythm.below(2));
        let lang = if rhythm.percent(4) { Lang::En } else { Lang::Zh };
        Self { words: words.into(), channel, may_know, who, device, photo, lang }
    }

    /// In which language: the desk writes in its own.
    pub fn language(&self) -> Lang {
        if self.taken_down() { Lang::Zh } else { self.lang }
    }

    /// Whether somebody at the desk wrote it down: what comes by telephone, chat or mail, or is said over the counter.
    pub fn taken_down(&self) -> bool {
        self.channel.taken_down()
    }
}
