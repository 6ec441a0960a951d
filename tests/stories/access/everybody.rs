//! Everybody visits everything, in their own building and in another.

use louyi::domain::rights::{Right, Role};
use rocket::http::{Method, Status};

use super::Names;
use super::table::{Row, Who as May, rows};
use crate::support::on_both;

/// The page that says who may, in place of whoever came.
const TURNED_AWAY: &str = "能做这件事的是";

fn row(method: Method, uri: &str) -> Option<&'static Row> {
    rows().find(|r| r.method == method.as_str() && r.uri == uri)
}

on_both! {
    async fn every_route_has_a_row_and_every_row_a_route(town: Town) {
        let site = town.site().await;
        let routes = site.routes();
        let missing: Vec<String> = routes.iter().filter(|(m, u)| row(*m, u).is_none()).map(|(m, u)| format!("    row(\"{m}\", \"{u}\", Open),")).collect();
        assert!(missing.is_empty(), "routes without a row in the table of who may call them:\n{}", missing.join("\n"));
        let gone: Vec<&str> = rows().filter(|r| !routes.iter().any(|(m, u)| r.method == m.as_str() && r.uri == u)).map(|r| r.uri).collect();
        assert!(gone.is_empty(), "rows without a route: {gone:?}");
    }

    async fn a_stranger_gets_in_only_where_the_table_says(town: Town) {
        let site = town.site().await;
        let told = town.visitor_reports().await;
        let names = told.names(&town).await;
        for (method, uri) in site.routes() {
            let Some(row) = row(method, &uri) else { continue };
            let answer = site.visitor().visits(method, &names.fill(&uri)).await;
            let turned_away = answer.status == Status::Unauthorized || answer.location.as_deref().is_some_and(|l| l.starts_with("/sign-in?next="));
            match row.who {
                May::Open | May::Receipt | May::Follower => assert!(!turned_away, "{method} {uri} turns a stranger away: {}", answer.status),
                May::Bearer => assert!(matches!(answer.status.code, 401 | 404), "{method} {uri} lets a stranger in: {}", answer.status),
                May::SignedIn | May::Right(_) | May::Anywhere(_) => assert!(turned_away, "{method} {uri} lets a stranger in: {}", answer.status),
            }
            assert!(answer.status.code < 500, "{method} {uri}: {}", answer.status);
        }
    }

    async fn everybody_gets_in_only_with_the_right_and_only_at_home(town: Town) {
        let site = town.site().await;
        let told = town.visitor_reports().await;
        let at_home = told.names(&town).await;
        let elsewhere = Names { building: town.elsewhere.slug.clone(), ..told.names(&town).await };
        for (role, who) in town.one_of_each_role() {
            let reader = site.signed_in(who).await;
            // Association and department officers and editors of the district are at home in every building of it.
            let everywhere = matches!(role, Role::Association | Role::Department | Role::Editor | Role::Administrator);
            for (method, uri) in site.routes() {
                if let Some(Row { who: May::Anywhere(right), .. }) = row(method, &uri) {
                    let answer = reader.visits(method, &at_home.fill(&uri)).await;
                    assert_eq!(answer.holds(TURNED_AWAY), !role.may(*right), "{role} at {method} {uri}: {}", answer.status);
                }
                let Some(Row { who: May::Right(right), .. }) = row(method, &uri) else { continue };
                if uri == "/sign-out" {
                    continue;
                }
                let here = reader.visits(method, &at_home.fill(&uri)).await;
                let may = role_at(&uri, role, *right, everywhere);
                let refused = here.status == Status::Forbidden && here.holds(TURNED_AWAY);
                assert!(here.status.code < 500, "{role} {method} {uri}: {}", here.status);
                assert_eq!(refused, !may, "{role} at {method} {uri}: {}\n{}", here.status, String::from_utf8_lossy(&here.bytes));
                if uri.starts_with("/b/") {
                    let there = reader.visits(method, &elsewhere.fill(&uri)).await;
                    let refused = there.status == Status::Forbidden && there.holds(TURNED_AWAY);
                    assert_eq!(refused, !(may && everywhere), "{role} elsewhere at {method} {uri}: {}", there.status);
                }
            }
        }
    }
}

/// Whether a role gives a right at an address: of a whole district only to those who hold it for the district.
fn role_at(uri: &str, role: Role, right: Right, everywhere: bool) -> bool {
    role.may(right) && (everywhere || !uri.starts_with("/d/"))
}
