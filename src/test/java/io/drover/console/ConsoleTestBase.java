package io.drover.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.api.ApiClient.Answer;
import io.drover.api.ApiTestBase;
import org.springframework.test.context.TestPropertySource;

/** The whole process with orders that fail in ways an operator meets. */
@TestPropertySource(properties = "drover.routes.directory=src/test/resources/routes-console")
abstract class ConsoleTestBase extends ApiTestBase {

    /** A task that has ended or waits. @return its id */
    String submit(String workflow, String input, String... headers) {
        String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "Prefer";
        all[headers.length + 1] = workflow.equals("pay-back") ? "wait=1" : "wait=20";
        Answer answer = operator().post("/api/tasks/" + workflow, input, all);
        assertThat(answer.status()).as(answer.body()).isIn(200, 202);
        return answer.json().get("id").asText();
    }

    /** A task that has made many calls and waits for its second attempt. @return its id */
    String longTask(int calls) {
        String orders = java.util.stream.IntStream.range(0, calls)
                .mapToObj(i -> "\"N-" + i + "\"")
                .collect(java.util.stream.Collectors.joining(","));
        String id = operator()
                .post("/api/tasks/many", "{\"orders\":[%s]}".formatted(orders))
                .json()
                .get("id")
                .asText();
        org.awaitility.Awaitility.await().until(() -> operator()
                .get("/api/tasks/" + id)
                .json()
                .path("waitReason")
                .asText()
                .equals("RETRY"));
        return id;
    }

    /** An order that is charged and cannot be delivered. */
    String deadOrder(String orderId, String city, String... headers) {
        return submit("order", "{\"orderId\":\"%s\",\"city\":\"%s\"}".formatted(orderId, city), headers);
    }
}
