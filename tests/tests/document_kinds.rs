//! Whatever the kind of document: it is checked, tried without effect, put, read, recorded, and taken back.

use sampan_proto::v1::{self, DocumentKind};
use sampan_tests::{clients::Clients, refusal::assert_code, shop::shop};
use tonic::Code;

/// A text of each kind, and one that is wrong.
const KINDS: [(DocumentKind, &str, &str); 8] = [
    (
        DocumentKind::RankingProfile,
        "[weights]\nsales = 0.5\n",
        "[weights]\nsails = 0.5\n",
    ),
    (
        DocumentKind::Restrictions,
        "[[restriction]]\nid = \"red\"\nreason = \"r\"\nsource = \"own\"\nitem = [\"red\"]\n",
        "[[restriction]]\nid = \"red\"\n",
    ),
    (
        DocumentKind::Pools,
        "[[pool]]\nid = \"red\"\ntitle = \"紅\"\nitem = [\"red\"]\n",
        "[[pool]]\nid = \"red\"\nunion = [\"red\"]\n",
    ),
    (
        DocumentKind::Expansions,
        "word\tneighbour\tweight\n陶瓷杯\t茶杯\t0.5\n",
        "word\tneighbour\tweight\n陶瓷杯\t茶杯\tmuch\n",
    ),
    (
        DocumentKind::RankingModel,
        "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nmax_feature_idx=1\n\
         feature_names=sales lexical\n\nTree=0\nnum_leaves=2\nnum_cat=0\nsplit_feature=0\nthreshold=0.4\n\
         decision_type=2\nleft_child=-1\nright_child=-2\nleaf_value=2 0.5\n\nend of trees\n",
        "tree\n",
    ),
    (
        DocumentKind::Rules,
        "[[rule]]\nid = \"cups\"\nreason = \"r\"\nowner = \"own\"\nwhen = { query = [\"陶瓷杯\"] }\n\
         then = { pin = [{ item = \"red\", position = 1 }] }\n",
        "[[rule]]\nid = \"cups\"\n",
    ),
    (
        DocumentKind::Freight,
        "[[freight]]\nid = \"hk\"\nsource = \"own\"\nship_modes = [\"consolidated\"]\ncurrency = \"HKD\"\n\
         bands = [{ up_to_grams = 500, minor = 1000 }]\n",
        "[[freight]]\nid = \"hk\"\n",
    ),
    (
        DocumentKind::Experiments,
        "[[layer]]\nid = \"l\"\n[[experiment]]\nid = \"x\"\nlayer = \"l\"\n[[experiment.arm]]\nid = \"a\"\nshare = 50\n\
         [[experiment.arm]]\nid = \"b\"\nshare = 50\nprofile.weights.sales = 0.5\n",
        "[[experiment]]\nid = \"x\"\nlayer = \"l\"\n",
    ),
];

/// The text in force and where it comes from; `None` when there is none.
async fn in_force(clients: &Clients, kind: DocumentKind) -> Option<(String, String)> {
    let document = clients.try_get_document(kind, "hk").await;
    match document {
        Ok(document) => Some((document.toml, document.origin)),
        Err(status) => {
            assert_eq!(status.code(), Code::NotFound, "{status:?}");
            None
        }
    }
}

#[tokio::test]
async fn every_kind_is_tried_put_recorded_and_taken_back() {
    let (_node, clients) = shop(&["hk"], &[("red", "紅陶瓷杯"), ("blue", "藍陶瓷杯")]).await;
    for (kind, text, wrong) in KINDS {
        let put = |toml: &str| v1::PutDocumentRequest {
            kind: kind.into(),
            region: "hk".to_owned(),
            toml: toml.to_owned(),
            comment: format!("why {kind:?}"),
            author: "陳大文".to_owned(),
            ..Default::default()
        };
        let before = in_force(&clients, kind).await;
        let message = assert_code(clients.try_put(put(wrong)).await, Code::InvalidArgument);
        assert!(
            message.contains("hk/") && message.contains(':'),
            "{kind:?}: {message}"
        );
        assert_eq!(
            in_force(&clients, kind).await,
            before,
            "{kind:?} was refused"
        );

        let written = clients.status().await.sequence_written;
        let dry = v1::PutDocumentRequest {
            dry_run: true,
            ..put(text)
        };
        let tried = clients.try_put(dry).await;
        let tried = tried.unwrap_or_else(|status| panic!("{kind:?}: {status:?}"));
        assert_eq!(
            clients.status().await.sequence_written,
            written,
            "{kind:?} was only tried"
        );
        assert_eq!(in_force(&clients, kind).await, before);

        let done = clients.try_put(put(text)).await.expect("it was tried");
        assert_eq!(done.version, tried.version, "{kind:?}");
        let now = in_force(&clients, kind).await.expect("it was put");
        assert_eq!(
            (now.0.as_str(), now.1.as_str()),
            (text, "admin"),
            "{kind:?}"
        );

        let listed = v1::ListChangesRequest {
            kind: kind.into(),
            region: "hk".to_owned(),
            ..Default::default()
        };
        let changes = clients.admin.clone().list_changes(listed).await;
        let changes = changes.expect("a list").into_inner().changes;
        let [change] = changes.as_slice() else {
            panic!("one change of {kind:?}: {changes:?}");
        };
        assert_eq!(
            (change.author.as_str(), &change.comment),
            ("陳大文", &format!("why {kind:?}"))
        );
        let whole = v1::GetChangeRequest { id: change.id };
        let whole = clients
            .admin
            .clone()
            .get_change(whole)
            .await
            .expect("it is there");
        let whole = whole.into_inner().change.expect("a change");
        let was = before.clone().unwrap_or_default();
        assert_eq!((whole.toml_before, whole.origin_before), was, "{kind:?}");
        assert_eq!(whole.toml_after, text);

        let back = v1::RollBackRequest {
            id: change.id,
            ..Default::default()
        };
        let taken_back = clients.admin.clone().roll_back(back).await;
        taken_back.unwrap_or_else(|status| panic!("{kind:?}: {status:?}"));
        assert_eq!(
            in_force(&clients, kind).await,
            before,
            "{kind:?} is as it was"
        );
    }
}
