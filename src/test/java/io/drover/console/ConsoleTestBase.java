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

    /** An order that is charged and cannot be delivered. */
    String deadOrder(String orderId, String city, String... headers) {
        return submit("order", "{\"orderId\":\"%s\",\"city\":\"%s\"}".formatted(orderId, city), headers);
    }
}
