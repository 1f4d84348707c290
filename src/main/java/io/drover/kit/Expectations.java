package io.drover.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.drover.guard.ModelCost;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.memory.MemoryJournal.Seen;
import io.drover.json.Recorded;
import io.drover.kit.CaseRun.Ran;
import io.drover.kit.TestCase.Call;
import io.drover.kit.TestCase.Expected;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compares what came of a case with what is expected. */
final class Expectations {

    private final List<String> failures = new ArrayList<>();
    private final Ran ran;
    private final List<CallRecord> made;

    private Expectations(Ran ran) {
        this.ran = ran;
        this.made = made(ran);
    }

    /** What is not as expected, in words; empty where all is. */
    static List<String> failures(Expected expected, Ran ran) {
        Expectations all = new Expectations(ran);
        all.failures.addAll(ran.problems());
        if (!ran.tasks().isEmpty()) {
            all.outcome(expected, ran.tasks().getFirst());
            all.calls(expected);
            all.cost(expected);
        }
        return all.failures;
    }

    /** The calls that were made, those of the case's own task first. What was refused, rejected or waits was not. */
    static List<CallRecord> made(Ran ran) {
        return ran.tasks().stream()
                .flatMap(task -> task.calls().stream())
                .filter(call -> call.state() == CallState.SUCCEEDED
                        || call.state() == CallState.STARTED
                        || call.state() == CallState.IN_DOUBT
                        || call.state() == CallState.FAILED && call.tries() > 0)
                .toList();
    }

    /** What the models cost. */
    static BigDecimal usd(Ran ran) {
        return Objects.requireNonNullElse(
                ModelCost.usd(ran.tasks().stream().flatMap(task -> task.calls().stream())), BigDecimal.ZERO);
    }

    private static JsonNode tree(@Nullable String document) {
        return document == null ? NullNode.getInstance() : Recorded.tree(document, () -> "a document of the journal");
    }

    private void outcome(Expected expected, Seen task) {
        String found = task.waitReason() == null
                ? task.status().name()
                : "%s (%s)".formatted(task.status(), task.waitReason());
        String why = task.error() == null
                ? ""
                : ": " + tree(task.error()).path("message").asText();
        if (expected.outcome() != null
                && !expected.outcome().equals(task.status().name())) {
            failures.add("outcome: expected %s, found %s%s".formatted(expected.outcome(), found, why));
        }
        if (expected.waits() != null && !expected.waits().equals(task.waitReason())) {
            failures.add("waits: expected %s, found %s%s".formatted(expected.waits(), found, why));
        }
        if (expected.output() != null) {
            Matching.differences(expected.output(), tree(task.output()))
                    .forEach(difference -> failures.add("output: " + difference));
        }
        if (expected.error() != null && (task.error() == null || !task.error().contains(expected.error()))) {
            failures.add("error: expected one that holds '%s', found %s".formatted(expected.error(), task.error()));
        }
    }

    private void calls(Expected expected) {
        int next = 0;
        for (Call call : expected.calls()) {
            int at = find(call, next);
            if (at < 0) {
                failures.add("calls: expected %s%s; made were %s"
                        .formatted(said(call), next == 0 ? "" : " after " + said(made.get(next - 1)), said(made)));
                break;
            }
            next = at + 1;
        }
        for (String tool : expected.never()) {
            made.stream()
                    .filter(call -> call.tool().equals(tool))
                    .findFirst()
                    .ifPresent(call -> failures.add("never: %s was made".formatted(said(call))));
        }
        for (Map.Entry<String, Integer> number : expected.number().entrySet()) {
            long found = made.stream()
                    .filter(call -> call.tool().equals(number.getKey()))
                    .count();
            if (found != number.getValue()) {
                failures.add("number: expected %d calls of %s, found %d"
                        .formatted(number.getValue(), number.getKey(), found));
            }
        }
    }

    private int find(Call wanted, int from) {
        for (int i = from; i < made.size(); i++) {
            CallRecord call = made.get(i);
            if (call.tool().equals(wanted.tool())
                    && (wanted.arguments() == null || Matching.fits(wanted.arguments(), tree(call.arguments())))) {
                return i;
            }
        }
        return -1;
    }

    private void cost(Expected expected) {
        BigDecimal usd = usd(ran);
        if (expected.maxCostUsd() != null && usd.compareTo(expected.maxCostUsd()) > 0) {
            failures.add("maxCostUsd: expected at most $%s, found $%s"
                    .formatted(expected.maxCostUsd().toPlainString(), usd.toPlainString()));
        }
    }

    private static String said(Call call) {
        return call.arguments() == null ? call.tool() : "%s %s".formatted(call.tool(), call.arguments());
    }

    private static String said(CallRecord call) {
        return "%s %s".formatted(call.tool(), call.arguments());
    }

    private static String said(List<CallRecord> calls) {
        return calls.isEmpty()
                ? "none"
                : String.join(", ", calls.stream().map(Expectations::said).toList());
    }
}
