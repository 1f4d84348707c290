package io.drover.route;

import static io.drover.local.SampleModel.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.drover.FaultyServer;
import io.drover.journal.Approval;
import io.drover.journal.Approvals;
import io.drover.journal.AuditTrail;
import io.drover.journal.TaskStatus;
import io.drover.rules.Rules;
import io.drover.rules.RulesInForce;
import io.drover.task.Submit;
import io.drover.who.Actor;
import io.drover.who.Role;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;

/** A tool that pays, a workflow that calls it, and rules about that. */
abstract class RulesTestBase extends RouteFilesTestBase {

    private static final AtomicInteger CASES = new AtomicInteger();
    static final Path RULES = FILES.directory().resolve("rules.yaml");

    @Autowired
    RulesInForce inForce;

    @Autowired
    Approvals approvals;

    @Autowired
    AuditTrail audit;

    @Autowired
    MeterRegistry meters;

    final String id = Integer.toString(CASES.incrementAndGet());
    final String pay = "ruled_" + id;
    final String flow = "ruled-" + id;

    @BeforeEach
    void pays() {
        SERVER.always("/" + pay, FaultyServer.json("{\"paid\":true}"));
        FILES.write(
                pay,
                """
                - route:
                    id: %1$s
                    from:
                      uri: tool:%1$s
                      parameters:
                        description: Pays
                        tags: payments
                        parameter.amount: number
                        parameter.note: string?
                        retries: 0
                      steps:
                        - marshal: { json: {} }
                        - to: { uri: "{{server.url}}/%1$s" }
                """
                        .formatted(pay));
        workflow("- to: { uri: \"tool:%s\", parameters: { arg.amount: \"${body[amount]}\" } }".formatted(pay));
        soon().until(() -> workflows.get(flow) != null && tools.current().get(pay) != null);
    }

    @AfterEach
    void permitEverything() {
        rules("");
        assertThat(routes.problems()).noneMatch(problem -> problem.file().equals("rules.yaml"));
    }

    void workflow(String steps) {
        FILES.write(
                flow,
                """
                - route:
                    id: %1$s
                    from:
                      uri: task:%1$s
                      parameters: { maxAttempts: 3, backoff: 10ms }
                      steps:
                %2$s
                """
                        .formatted(flow, steps.indent(8)));
    }

    /** The same for a workflow that is there. */
    void edit(String steps) {
        long before = workflows.get(flow).definition();
        workflow(steps);
        soon().until(() -> workflows.get(flow).definition() != before);
    }

    static void write(String text) {
        write(RULES, text);
    }

    static void write(Path file, String text) {
        try {
            Path fresh = Files.writeString(FILES.directory().resolve("rules.tmp"), text);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** These rules are in force, and no others. */
    void rules(String rules) {
        Rules before = inForce.current();
        write(
                rules.isEmpty()
                        ? "rules: [] # " + UUID.randomUUID()
                        : "# %s%nrules:%n%s".formatted(UUID.randomUUID(), rules.indent(2)));
        soon().until(() -> inForce.current() != before);
    }

    String rule(String when, String then) {
        return "- { id: rule-%s, why: So it is., tools: [%s], when: \"%s\", then: %s }".formatted(id, pay, when, then);
    }

    UUID start(String input) {
        return tasks.submit(new Submit(flow, null, input, null, Duration.ZERO, "sub"))
                .join()
                .id();
    }

    int paid() {
        return SERVER.requests("/" + pay).size();
    }

    String dead(UUID task) {
        soon().until(() -> {
            hurry(task);
            return queue.progress(task).status() == TaskStatus.DEAD;
        });
        return queue.progress(task).error();
    }

    Approval asked(UUID task) {
        soon().until(() -> !asks(task).isEmpty());
        assertThat(asks(task)).hasSize(1);
        return asks(task).getFirst();
    }

    List<Approval> asks(UUID task) {
        return approvals.open(null, null, 0, 1000).stream()
                .filter(approval -> approval.task().equals(task))
                .toList();
    }

    void approve(Approval approval) {
        approvals.vote(approval.id(), true, null, Actor.person("ann", Role.APPROVER));
    }

    List<String> rulesOf(UUID task) {
        return jdbc.sql("select rule from call where task_id = ? order by n")
                .param(task)
                .query(String.class)
                .list();
    }

    double counted(String verdict, boolean enforced) {
        return meters
                .find("agent.rule.verdicts")
                .tags("rule", "rule-" + id, "verdict", verdict, "enforced", Boolean.toString(enforced))
                .counters()
                .stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    List<AuditTrail.Entry> audited(UUID task) {
        return audit.list(new AuditTrail.Filter(null, null, task, null, null), 100, null);
    }

    /** A tool that answers at its path of the server. @param parameters of its endpoint, a line each */
    void tool(String name, String... parameters) {
        SERVER.always("/" + name, FaultyServer.json("{\"made\":true}"));
        FILES.write(
                name,
                """
                - route:
                    id: %1$s
                    from:
                      uri: tool:%1$s
                      parameters:
                        description: Does it
                %2$s
                      steps:
                        - marshal: { json: {} }
                        - to: { uri: "{{server.url}}/%1$s" }
                """
                        .formatted(name, String.join("\n", parameters).indent(8)));
        soon().until(() -> tools.current().get(name) != null);
    }
}
