//! Every change of a document is on record: who, when, why, what before and after; and each can be taken back.

use sampan_proto::v1::{self, DocumentKind};
use sampan_tests::{
    clients::{Clients, ids, query},
    items::{item, owned},
    node::TestNode,
    refusal::assert_code,
    shop::shop,
};
use tonic::Code;

const BAR_RED: &str =
    "[[restriction]]\nid = \"red\"\nreason = \"r\"\nsource = \"own\"\nitem = [\"red\"]\n";
const BAR_BLUE: &str =
    "[[restriction]]\nid = \"blue\"\nreason = \"r\"\nsource = \"own\"\nitem = [\"blue\"]\n";

fn put(toml: &str, comment: &str) -> v1::PutDocumentRequest {
    v1::PutDocumentRequest {
        kind: DocumentKind::Restrictions.into(),
        region: "hk".to_owned(),
        toml: toml.to_owned(),
        comment: comment.to_owned(),
        author: "陳大文".to_owned(),
        ..Default::default()
    }
}

async fn changes(clients: &Clients, request: v1::ListChangesRequest) -> v1::ListChangesResponse {
    let answer = clients.admin.clone().list_changes(request).await;
    answer.expect("a list").into_inner()
}

async fn of_restrictions(clients: &Clients) -> Vec<v1::DocumentChange> {
    let kind = DocumentKind::Restrictions.into();
    let all = v1::ListChangesRequest {
        kind,
        region: "hk".to_owned(),
        ..Default::default()
    };
    changes(clients, all).await.changes
}

async fn roll_back(
    clients: &Clients,
    request: v1::RollBackRequest,
) -> Result<v1::PutDocumentResponse, tonic::Status> {
    let answer = clients.admin.clone().roll_back(request).await;
    answer.map(tonic::Response::into_inner)
}

fn back(id: u64) -> v1::RollBackRequest {
    v1::RollBackRequest {
        id,
        comment: "oops".to_owned(),
        author: "李小明".to_owned(),
        ..Default::default()
    }
}

async fn sold(clients: &Clients) -> Vec<String> {
    let mut found: Vec<String> = ids(&clients.search(query("陶瓷杯", "hk")).await.hits)
        .iter()
        .map(ToString::to_string)
        .collect();
    found.sort();
    found
}

async fn two_cups() -> (TestNode, Clients) {
    shop(&["hk"], &[("red", "紅陶瓷杯"), ("blue", "藍陶瓷杯")]).await
}

#[tokio::test]
async fn a_change_tells_who_when_why_and_both_texts() {
    let (node, clients) = two_cups().await;
    let dictionary = clients
        .try_get_document(DocumentKind::Restrictions, "hk")
        .await
        .expect("it is there");
    clients
        .try_put(put(BAR_RED, "紅色有鉛"))
        .await
        .expect("put");
    clients
        .try_put(put(BAR_BLUE, "藍色也有"))
        .await
        .expect("put");
    let dry = v1::PutDocumentRequest {
        dry_run: true,
        ..put("", "only asked")
    };
    clients.try_put(dry).await.expect("tried");
    clients.try_put(put("", "")).await.expect("dropped");
    assert_code(
        clients.try_put(put("[[wrong", "")).await,
        Code::InvalidArgument,
    );

    // A record outlives the process.
    let node = node.restart().await;
    let clients = node.clients().await;
    let listed = of_restrictions(&clients).await;
    let [dropped, blue, red] = listed.as_slice() else {
        panic!("three changes were put in force: {listed:#?}");
    };
    assert!(dropped.id > blue.id && blue.id > red.id, "latest first");
    let told = (red.author.as_str(), red.comment.as_str());
    assert_eq!(told, ("陳大文", "紅色有鉛"));
    let seconds = |change: &v1::DocumentChange| change.time.map(|time| time.seconds);
    assert!(seconds(red).is_some() && seconds(red) <= seconds(blue));
    assert_eq!(red.origin_before, "dictionary");
    assert_eq!(red.version_before, dictionary.version);
    assert_eq!(blue.version_before, red.version_after);
    let origins = (blue.origin_before.as_str(), dropped.origin_after.as_str());
    assert_eq!(origins, ("admin", ""));
    assert!(
        listed
            .iter()
            .all(|c| c.toml_before.is_empty() && c.toml_after.is_empty())
    );

    let whole = |id| {
        let mut admin = clients.admin.clone();
        async move {
            let answer = admin.get_change(v1::GetChangeRequest { id }).await;
            answer.map(|answer| answer.into_inner().change.expect("a change"))
        }
    };
    let red = whole(red.id).await.expect("it is there");
    assert_eq!(
        (red.toml_before, red.toml_after),
        (dictionary.toml, BAR_RED.to_owned())
    );
    let blue = whole(blue.id).await.expect("it is there");
    assert_eq!(
        (blue.toml_before.as_str(), blue.toml_after.as_str()),
        (BAR_RED, BAR_BLUE)
    );
    assert_code(whole(u64::MAX).await, Code::NotFound);
}

#[tokio::test]
async fn a_change_is_taken_back_and_that_is_on_record_too() {
    let (_node, clients) = two_cups().await;
    clients.try_put(put(BAR_RED, "")).await.expect("put");
    clients.try_put(put(BAR_BLUE, "")).await.expect("put");
    assert_eq!(sold(&clients).await, ["red"]);
    let listed = of_restrictions(&clients).await;
    let (blue, red) = (listed[0].id, listed[1].id);

    let dry = v1::RollBackRequest {
        dry_run: true,
        ..back(blue)
    };
    let tried = roll_back(&clients, dry).await.expect("tried");
    let told: Vec<(&str, &str)> = tried
        .changes
        .iter()
        .map(|change| (change.item_id.as_str(), change.change.as_str()))
        .collect();
    assert!(told.contains(&("red", "vanishes")) && told.contains(&("blue", "appears")));
    assert_eq!(sold(&clients).await, ["red"], "it was only tried");

    let stale = v1::RollBackRequest {
        expected_version: listed[1].version_after.clone(),
        ..back(blue)
    };
    assert_code(roll_back(&clients, stale).await, Code::Aborted);

    let done = roll_back(&clients, back(blue)).await.expect("taken back");
    assert_eq!(done.version, listed[1].version_after);
    assert_eq!(sold(&clients).await, ["blue"]);
    let latest = of_restrictions(&clients).await.remove(0);
    assert_eq!((latest.undoes, latest.author.as_str()), (blue, "李小明"));

    // To before the first change: the dictionary's rules hold again, and what came later goes too.
    let done = roll_back(&clients, back(red)).await.expect("taken back");
    assert!(
        done.effects[0].starts_with("2 later changes"),
        "{:?}",
        done.effects
    );
    assert_eq!(sold(&clients).await, ["blue", "red"]);
    let now = clients
        .try_get_document(DocumentKind::Restrictions, "hk")
        .await
        .expect("it is there");
    assert_eq!(now.origin, "dictionary");
    // Taking that back again brings the rule back.
    let latest = of_restrictions(&clients).await.remove(0).id;
    roll_back(&clients, back(latest)).await.expect("taken back");
    assert_eq!(sold(&clients).await, ["blue"]);
    assert_code(roll_back(&clients, back(u64::MAX)).await, Code::NotFound);
}

#[tokio::test]
async fn changes_are_listed_by_page_kind_and_region() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let tagged = v1::Item {
        tags: owned(&["紅"]),
        ..item("red", "陶瓷杯")
    };
    clients.stock(vec![tagged]).await;
    for number in 0..5 {
        let text = format!("# {number}\n");
        clients.try_put(put(&text, text.trim())).await.expect("put");
    }
    clients.put_profile("tw", "[weights]\nsales = 0.5\n").await;
    let page = |page_token: &str| v1::ListChangesRequest {
        kind: DocumentKind::Restrictions.into(),
        page_size: 2,
        page_token: page_token.to_owned(),
        ..Default::default()
    };
    let mut seen = Vec::new();
    let mut token = String::new();
    for expected in [2, 2, 1] {
        let answer = changes(&clients, page(&token)).await;
        assert_eq!(answer.changes.len(), expected);
        seen.extend(answer.changes.into_iter().map(|change| change.comment));
        token = answer.next_page_token;
        assert_eq!(token.is_empty(), expected == 1);
    }
    assert_eq!(seen, ["# 4", "# 3", "# 2", "# 1", "# 0"]);
    let of_tw = v1::ListChangesRequest {
        region: "tw".to_owned(),
        ..Default::default()
    };
    let of_tw = changes(&clients, of_tw).await.changes;
    assert_eq!(of_tw.len(), 1);
    assert_eq!(of_tw[0].kind(), DocumentKind::RankingProfile);

    let refused = |request: v1::ListChangesRequest| {
        let mut admin = clients.admin.clone();
        async move { assert_code(admin.list_changes(request).await, Code::InvalidArgument) }
    };
    let large = v1::ListChangesRequest {
        page_size: 101,
        ..Default::default()
    };
    assert!(refused(large).await.contains("page_size"));
    assert!(refused(page("x")).await.contains("page_token"));
    let whole = v1::ListChangesRequest {
        page_size: 100,
        ..Default::default()
    };
    assert_eq!(changes(&clients, whole).await.changes.len(), 6);
    let long = v1::PutDocumentRequest {
        author: "a".repeat(129),
        ..put("# x\n", "")
    };
    assert!(assert_code(clients.try_put(long).await, Code::InvalidArgument).contains("author"));
}
