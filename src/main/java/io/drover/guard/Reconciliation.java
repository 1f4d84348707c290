package io.drover.guard;

import io.drover.json.Digest;
import io.drover.json.Json;
import io.drover.json.Redaction;
import io.drover.tool.ToolOutcome;
import io.drover.tool.ToolOutcome.Deferred;
import io.drover.tool.ToolOutcome.Origin;
import io.drover.tool.ToolOutcome.Succeeded;
import io.drover.tool.ToolSpec;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds out about a call whose end is unknown and which must not be repeated blindly. Where the tool names a
 * {@code reconcile} tool, that one is asked, afresh each time; it answers {@code {"happened": true, "result": ...}} or
 * {@code {"happened": false}}. It is asked when the steps of the call have ended, because a request that is still under
 * way may take effect after the answer; and again later, when it could not be asked. Else a person is asked.
 */
final class Reconciliation {

    private final JournalRepository journal;
    private final Function<GuardedCall, ToolOutcome> calls;

    /** @param calls makes the call of a {@code reconcile} tool */
    Reconciliation(JournalRepository journal, Function<GuardedCall, ToolOutcome> calls) {
        this.journal = journal;
        this.calls = calls;
    }

    /** @return null when the call surely took no effect and is to be tried again */
    @Nullable
    ToolOutcome of(GuardedCall call, String why) {
        journal.asks(call, why);
        String name = call.spec().reconcile();
        GuardedTool asked = name == null || call.isForAPerson()
                ? null
                : call.identity().context().tools().get(name);
        if (asked == null) {
            return new ToolOutcome.InDoubt(why);
        }
        awaitEnd(call);
        call.attempt()
                .calls()
                .ended(call.identity().address()); // for rules about the question it is what its record says
        ToolOutcome answer = calls.apply(question(call, asked));
        String noVerdict = "%s; and tool:%s did not say whether it happened: %s".formatted(why, name, answer);
        if (answer instanceof Deferred later) {
            return new Deferred(later.throttled(), noVerdict, later.delay());
        }
        if (answer instanceof ToolOutcome.Held held) {
            return new ToolOutcome.Held(
                    held.hold(), "%s; and it is not asked whether it happened: %s".formatted(why, held.reason()));
        }
        if (answer instanceof ToolOutcome.Failed failed && !failed.permanent()) {
            return new Deferred(false, noVerdict, Backoff.beforeAskingAgain());
        }
        if (!(answer instanceof Succeeded said)
                || !(said.value() instanceof Map<?, ?> verdict)
                || !(verdict.get("happened") instanceof Boolean happened)) {
            return new ToolOutcome.InDoubt(noVerdict);
        }
        if (happened) {
            Object result = verdict.get("result");
            journal.succeeded(call, Json.write(result));
            return new Succeeded(result, Origin.CALL);
        }
        journal.surelyDidNot(call, why + "; tool:" + name + " says that it did not happen");
        return call.isSpent() ? new ToolOutcome.Failed(why + "; it did not happen", false, null) : null;
    }

    /** A question of its own for each try: what was answered of an earlier one does not count. */
    private static GuardedCall question(GuardedCall call, GuardedTool asked) {
        ToolSpec spec = asked.spec();
        UUID address = Digest.uuid(
                call.identity().address().toString(),
                "reconcile",
                Long.toString(call.attempt().lease().token()),
                Integer.toString(call.tries()));
        Redaction fields = call.identity().redaction();
        ToolRequest request = new ToolRequest(spec.name(), ReconcileQuestion.of(call.identity(), spec))
                .redacting(fields.and(fields.within("result")));
        return new GuardedCall(CallIdentity.afresh(call.identity().context(), asked, address, request));
    }

    private static void awaitEnd(GuardedCall call) {
        try {
            while (!call.endsWithin(Backoff.SHORT)) {
                String refusal = call.attempt().refusal();
                if (refusal != null) {
                    throw new AttemptOverException(call.attempt().lease(), refusal);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AttemptOverException(call.attempt().lease(), "its attempt has ended");
        }
    }
}
