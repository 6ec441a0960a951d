//! The holder of a receipt: the address is the permission.

use std::ops::Deref;

use rocket::http::Status;
use rocket::outcome::Outcome;
use rocket::request::{self, FromRequest, Request};

use crate::domain::buildings::{self, Building};
use crate::domain::issues::{self, Issue};
use crate::domain::reports::{self, Report};
use crate::kernel::act::{Act, Actor};
use crate::kernel::error::{Error, Result};
use crate::web::caller::Caller;
use crate::web::sent::Sent;

/// The holder of a receipt: whoever has the address `/r/{receipt}`.
pub struct Holder<'r> {
    caller: &'r Caller,
    /// Their report.
    pub report: Report,
    /// The matter behind which it stands now.
    pub issue: Issue,
    /// Where.
    pub building: Building,
    /// The token of the address.
    pub receipt: String,
}

impl Deref for Holder<'_> {
    type Target = Caller;
    fn deref(&self) -> &Caller {
        self.caller
    }
}

impl Holder<'_> {
    /// Begins an act of the reporter; refused to whoever wrote the report down for them.
    pub async fn begin(&self, sent: &Sent<'_>) -> Result<Act> {
        self.ask_own().await?;
        self.caller.begin(Actor::Reporter(self.report.id), sent).await
    }
    /// Fails for whoever wrote the report down for somebody else.
    pub async fn ask_own(&self) -> Result<()> {
        self.report.ask_own_words(self.caller.house.read(), self.caller.signed.as_ref().map(|s| s.person.id)).await
    }
    /// Begins an act that is asked for without a form of ours: the address is the secret. Only the end of letters, by a mail
    /// program (RFC 8058), and the spending of a token, which comes without any cookie, may be asked for in this way.
    pub async fn begin_one_click(&self) -> Result<Act> {
        self.caller.house.act(Actor::Reporter(self.report.id)).await
    }
}

async fn holder<'r>(caller: &'r Caller, path: &str) -> Result<Holder<'r>> {
    let receipt = path.trim_start_matches("/r/").split('/').next().unwrap_or_default().to_owned();
    let db = caller.house.read();
    let report = reports::by_receipt(db, &receipt).await?;
    let issue = issues::by_id(db, report.issue_id).await?;
    let building = buildings::by_id(db, report.building_id).await?;
    Ok(Holder { caller, report, issue, building, receipt })
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Holder<'r> {
    type Error = Error;
    async fn from_request(req: &'r Request<'_>) -> request::Outcome<Self, Error> {
        let caller = rocket::outcome::try_outcome!(req.guard::<&Caller>().await);
        match holder(caller, req.uri().path().as_str()).await {
            Ok(h) => Outcome::Success(h),
            Err(Error::NotFound) => Outcome::Error((Status::NotFound, Error::NotFound)),
            Err(e) => Outcome::Error((Status::InternalServerError, e)),
        }
    }
}
