//! A client that knows nothing of Sampan can ask whether it is well and what it can do.

use std::collections::BTreeSet;

use prost::Message as _;
use prost_types::FileDescriptorProto;
use sampan_tests::node::TestNode;
use tonic::Code;
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
};

const SERVICES: [&str; 5] = [
    "sampan.v1.SearchService",
    "sampan.v1.FeedService",
    "sampan.v1.CatalogService",
    "sampan.v1.EventService",
    "sampan.v1.AdminService",
];

#[tokio::test]
async fn health_is_told_of_the_node_and_of_each_service() {
    let node = TestNode::start();
    let mut health = HealthClient::new(node.clients().await.channel);
    for service in SERVICES.into_iter().chain([""]) {
        let request = HealthCheckRequest {
            service: service.to_owned(),
        };
        let answer = health.check(request).await.expect("an answer").into_inner();
        assert_eq!(answer.status(), ServingStatus::Serving, "{service:?}");
    }
    let request = HealthCheckRequest {
        service: "sampan.v1.NoService".to_owned(),
    };
    let refused = health
        .check(request)
        .await
        .expect_err("there is no such service");
    assert_eq!(refused.code(), Code::NotFound);
}

async fn ask(node: &TestNode, question: MessageRequest) -> MessageResponse {
    let mut reflection = ServerReflectionClient::new(node.clients().await.channel);
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(question),
    };
    let answers = reflection
        .server_reflection_info(tokio_stream::iter([request]))
        .await;
    let answer = answers.expect("a stream").into_inner().message().await;
    let answer = answer.expect("no error").expect("an answer");
    answer.message_response.expect("a message")
}

#[tokio::test]
async fn reflection_lists_every_service_and_gives_its_contract() {
    let node = TestNode::start();
    let listed = ask(&node, MessageRequest::ListServices(String::new())).await;
    let MessageResponse::ListServicesResponse(listed) = listed else {
        panic!("{listed:?}");
    };
    let names: BTreeSet<&str> = listed.service.iter().map(|s| s.name.as_str()).collect();
    for service in SERVICES.into_iter().chain(["grpc.health.v1.Health"]) {
        assert!(names.contains(service), "{service} is not in {names:?}");
        let found = ask(
            &node,
            MessageRequest::FileContainingSymbol(service.to_owned()),
        )
        .await;
        let MessageResponse::FileDescriptorResponse(found) = found else {
            panic!("{service}: {found:?}");
        };
        let files = found
            .file_descriptor_proto
            .iter()
            .map(|bytes| FileDescriptorProto::decode(bytes.as_slice()).expect("a descriptor"));
        let declared = files
            .flat_map(|file| file.service)
            .map(|service| service.name().to_owned());
        let declared: Vec<String> = declared.collect();
        let own = service.rsplit('.').next().expect("a name");
        assert!(
            declared.iter().any(|name| name == own),
            "{service}: {declared:?}"
        );
    }
}
