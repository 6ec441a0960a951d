//! A message before it takes a maker's shape.

/// Where a row leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub words: String,
    pub url: String,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub words: String,
    pub link: Option<Link>,
}

/// A heading and lines below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub title: String,
    pub rows: Vec<Row>,
}

impl Message {
    /// As somebody reads it who has no robot: the operator's page.
    pub fn text(&self) -> String {
        let rows = self.rows.iter().map(|r| match &r.link {
            Some(l) if r.words.is_empty() => format!("{}\n{}", l.words, l.url),
            Some(l) => format!("{}\n{}", r.words, l.url),
            None => r.words.clone(),
        });
        std::iter::once(self.title.clone()).chain(rows).collect::<Vec<_>>().join("\n")
    }
}

/// Words that somebody wrote, so that no maker reads a mark, a mention or a new line in them.
pub fn plain(words: &str) -> String {
    let flat = words.split_whitespace().collect::<Vec<_>>().join(" ");
    flat.chars()
        .map(|c| match c {
            '<' => '＜',
            '>' => '＞',
            '[' => '［',
            ']' => '］',
            '*' => '＊',
            '`' => '｀',
            '_' => '＿',
            '#' => '＃',
            '~' => '～',
            '@' => '＠',
            '\\' => '＼',
            c => c,
        })
        .collect()
}

/// The longest beginning of at most so many bytes that ends with a whole character.
pub fn cut(words: &str, bytes: usize) -> &str {
    if words.len() <= bytes {
        return words;
    }
    let end = (0..=bytes).rev().find(|n| words.is_char_boundary(*n)).unwrap_or_default();
    &words[..end]
}
