package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.drover.Fuzz;
import io.drover.journal.TaskStatus;
import io.drover.json.Json;
import io.drover.route.check.RandomRules;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Random rules in a process at work: what they forbid is not sent, what they ask about waits, and the rest is made. */
class RulesFuzzTest extends RulesTestBase {

    private static final double SHARE = 0.1; // of the minute, as a round takes long and random rules are read elsewhere
    private static final int TASKS = 20; // with equal amounts left out

    @Test
    void nothingIsSentThatARuleForbids() {
        edit(
                "- to: { uri: \"tool:%s\", parameters: { arg.amount: \"${body[amount]}\" } }%n- setBody: { constant: done }"
                        .formatted(pay));
        Fuzz.run("rules", SHARE, this::round);
    }

    private void round(Random random) {
        RandomRules written = new RandomRules(random, pay, flow, pay);
        rules(written.yaml().substring("rules:\n".length()));
        int before = paid();
        Map<Double, UUID> started = new TreeMap<>();
        for (int i = 0; i < TASKS; i++) {
            double amount = random.nextInt(41) / 2.0;
            started.computeIfAbsent(amount, a -> start("{\"amount\":%s}".formatted(a)));
        }
        started.forEach((amount, task) -> soon().until(() -> hasEnded(task) || isAsked(task)));

        started.forEach((amount, task) -> {
            String said =
                    isAsked(task) ? "ask" : queue.progress(task).status() == TaskStatus.DEAD ? "forbid" : "permit";
            assertThat(said).as("%s%n%s", written.yaml(), amount).isEqualTo(expected(written, amount));
        });
        assertThat(SERVER.requests("/" + pay).stream()
                        .skip(before)
                        .map(request -> amount(request.body()))
                        .sorted()
                        .toList())
                .as(written.yaml())
                .isEqualTo(started.keySet().stream()
                        .filter(amount -> expected(written, amount).equals("permit"))
                        .toList());
    }

    private static double amount(String body) {
        try {
            return Json.parse(body).path("amount").doubleValue();
        } catch (JsonProcessingException e) {
            throw new AssertionError(body, e);
        }
    }

    private boolean isAsked(UUID task) {
        return queue.progress(task).status() == TaskStatus.WAITING
                && !asks(task).isEmpty();
    }

    /** A task whose call is forbidden is dead after its first attempt. */
    private String expected(RandomRules rules, double amount) {
        return rules.on(new RandomRules.Call(
                pay, amount, Optional.empty(), flow, "sub", List.of(), List.of(), 1, 0, List.of()));
    }
}
