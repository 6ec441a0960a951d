//! The council's page and its list.

use crate::support::browser::Page;
use crate::support::on_both;

on_both! {
    async fn everybody_reads_who_sits_and_what_the_rules_say(town: Town) {
        let site = town.site().await;
        let page: Page = site.visitor().reads("/b/tingqiao/council").await;
        assert!(page.says("汀桥楼宇治理议事会"));
        assert!(page.says("Member 3"), "{}", page.text());
        assert!(page.says("过半要有权席位赞成才通过"));
        assert!(page.forms().is_empty(), "a visitor proposes nothing: {:?}", page.forms());
    }
}
