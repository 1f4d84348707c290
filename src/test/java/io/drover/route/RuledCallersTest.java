package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.FaultyServer;
import io.drover.journal.AuditTrail;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Rules hold for calls that no step of a workflow makes itself. MCP clients are in {@code McpRulesTest}. */
class RuledCallersTest extends RulesTestBase {

    private List<UUID> forbidden(String tool) {
        return audit.list(new AuditTrail.Filter("rule:rule-" + id, "forbid", null, null, null), 100, null).stream()
                .filter(entry -> String.valueOf(entry.detail()).contains(tool))
                .map(AuditTrail.Entry::task)
                .toList();
    }

    @Test
    void aCallbackIsNotMadeThatARuleForbids() {
        String tell = "tell_" + id;
        tool(tell, "parameter.status: string");
        rules("- { id: rule-%s, tools: [%s], workflows: [on-end], when: \"args.status == 'COMPLETED'\", then: forbid }"
                .formatted(id, tell));
        FILES.write(
                flow,
                FILES.read(flow).replace("backoff: 10ms }", "backoff: 10ms, onEnd: \"tool:%s\" }".formatted(tell)));
        soon().until(() -> ("tool:" + tell).equals(workflows.get(flow).spec().onEnd()));

        output(start("{\"amount\":1}"));
        soon().until(() -> forbidden(tell).size() == 1);
        assertThat(SERVER.requests("/" + tell)).isEmpty();
    }

    @Test
    void aFallbackIsNotCalledThatARuleForbids() {
        String spare = "spare_" + id;
        tool(spare, "parameter.amount: number", "parameter.note: string?");
        FILES.write(pay, FILES.read(pay).replace("retries: 0", "retries: 0\n        fallback: " + spare));
        soon().until(() -> spare.equals(tools.current().get(pay).spec().fallback()));
        rules("- { id: rule-%s, tools: [%s], then: forbid }".formatted(id, spare));
        SERVER.always("/" + pay, FaultyServer.status(429, "", "{}"));

        UUID task = start("{\"amount\":1}");
        dead(task);
        assertThat(forbidden(spare)).contains(task);
        assertThat(SERVER.requests("/" + spare)).isEmpty();
    }

    /** Nobody says that it did not happen, so a person is asked. */
    @Test
    void aReconcileQuestionIsNotAskedThatARuleForbids() {
        String status = "status_" + id;
        tool(status, "parameter.amount: number", "readOnlyHint: true");
        FILES.write(
                pay,
                FILES.read(pay)
                        .replace(
                                "retries: 0",
                                "retries: 0\n        destructiveHint: true\n        reconcile: " + status));
        soon().until(() -> status.equals(tools.current().get(pay).spec().reconcile()));
        rules("- { id: rule-%s, tools: [%s], then: forbid }".formatted(id, status));
        SERVER.always("/" + pay, FaultyServer.hangUp());

        UUID task = start("{\"amount\":1}");
        soon().until(() -> forbidden(status).contains(task));
        soon().until(() -> jdbc.sql(
                        "select wait_reason = 'IN_DOUBT' from task where id = ? and wait_reason is not null")
                .param(task)
                .query(Boolean.class)
                .optional()
                .orElse(false));
        assertThat(SERVER.requests("/" + status)).isEmpty();
        assertThat(paid()).isEqualTo(1);
    }
}
