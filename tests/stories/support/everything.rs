//! Every row of every table as text, to look for what must not be there.

use sea_orm::{ConnectionTrait as _, Statement};

use super::Town;

impl Town {
    async fn column(&self, text: String) -> Vec<String> {
        let db = self.house.read();
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), text)).await.expect("rows");
        rows.iter().map(|r| r.try_get_by_index::<String>(0).expect("text")).collect()
    }

    /// The rows of one table, bytes in hexadecimal.
    pub async fn rows_of(&self, table: &str) -> String {
        if self.house.db().is_postgres() {
            return self.column(format!("select to_jsonb(t)::text from {table} t")).await.join("\n");
        }
        let columns = self.column(format!("select name from pragma_table_info('{table}')")).await;
        let shown: Vec<String> =
            columns.iter().map(|c| format!("coalesce(case typeof({c}) when 'blob' then lower(hex({c})) else cast({c} as text) end, '')")).collect();
        self.column(format!("select {} from {table}", shown.join(" || '|' || "))).await.join("\n")
    }

    /// Everything that the database holds.
    pub async fn everything(&self) -> String {
        let tables = if self.house.db().is_postgres() {
            "select table_name::text from information_schema.tables where table_schema = 'public' order by 1"
        } else {
            "select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name not like 'issue_grams%' order by 1"
        };
        let mut all = String::new();
        for table in self.column(tables.to_owned()).await {
            all += &format!("{table}\n{}\n", self.rows_of(&table).await);
        }
        all
    }
}
