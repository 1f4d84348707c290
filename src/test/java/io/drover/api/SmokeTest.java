package io.drover.api;

import org.junit.jupiter.api.Test;

class SmokeTest extends ApiTestBase {
    @Test
    void look() throws Exception {
        show(operator().post("/api/tasks/greet", "{\"name\":\"Ada\"}", "Prefer", "wait=10", "Idempotency-Key", "k"));
        show(operator().post("/api/tasks/greet", "{\"name\":\"Ada\"}"));
        show(operator().post("/api/tasks/greet", "{\"nam\":\"Ada\"}"));
        show(operator().post("/api/tasks/gret", "{\"nam\":\"Ada\"}"));
        show(operator().get("/api/tasks?limit=1"));
        show(operator().get("/api/tasks?limit=1000&status=x"));
        show(operator().get("/api/tasks?limit=1000"));
        String id = operator().get("/api/tasks?limit=1").json().at("/tasks/0/id").asText();
        show(operator().get("/api/tasks/" + id));
        show(operator().get("/api/tools"));
        show(operator().get("/api/workflows"));
        show(operator().get("/api/nothing"));
        show(nobody().get("/health/live"));
        show(nobody().get("/health/ready"));
        show(operator().get("/health/ready"));
        show(operator().get("/health"));
        show(operator().get("/metrics"));
        show(operator().get("/api/openapi"));
        show(operator().post("/hooks/anything", "{\"name\":\"Ada\"}"));
        show(viewer().post("/api/tasks/greet", "{\"name\":\"Ada\"}"));
        show(nobody().get("/api/tasks"));
        show(operator().post("/api/tasks/doubtful", "{}", "Prefer", "wait=2"));
    }
    static void show(ApiClient.Answer a) {
        System.out.println("### " + a.response().request().method() + " " + a.response().uri() + " -> " + a.status() + " " + a.response().headers().map());
        System.out.println(a.body());
    }
}
