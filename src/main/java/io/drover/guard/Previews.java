package io.drover.guard;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Digest;
import io.drover.json.Json;
import io.drover.json.Schema;
import io.drover.tool.ResultSchemas;
import io.drover.tool.ToolOutcome;
import io.drover.tool.ToolSpec;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Answers the calls of dry runs that are not made: by the tool's {@code preview}, which only reads, else by its
 * {@code dryRunResult}, else by an echo of the arguments that fits the schema of its results.
 */
final class Previews {

    /** The outcome until {@link #of} has another; were that forgotten, the call would still not be made. */
    static final ToolOutcome NOT_MADE = new ToolOutcome.Refused("a dry run does not make this call");

    private final Entrance entrance;
    private final JournalRepository journal;
    private final ObjectProvider<ResultSchemas> schemas;

    Previews(Entrance entrance, JournalRepository journal, ObjectProvider<ResultSchemas> schemas) {
        this.entrance = entrance;
        this.journal = journal;
        this.schemas = schemas;
    }

    /** Whether a dry run makes calls of the tool: it only reads by our own word, or is a model. */
    static boolean isMade(ToolSpec tool) {
        return tool.dryRun().reads() || tool.name().startsWith(ToolSpec.MODEL);
    }

    /** What stands in for the result of a call that is not made. */
    ToolOutcome of(GuardedCall call) {
        ToolSpec spec = call.spec();
        if (spec.name().startsWith(ToolSpec.MODEL)) {
            return new ToolOutcome.Refused(
                    "a person would be asked about it (%s); a dry run asks no one, and nothing stands in for the answer of a model"
                            .formatted(call.wouldAsk()));
        }
        String preview = spec.dryRun().preview();
        if (preview != null) {
            return answeredBy(preview, call);
        }
        String result = spec.dryRun().result();
        return result == null ? echoed(call) : journal.standIn(call, result, "dryRunResult");
    }

    /** The preview is a call of its own, so that a later attempt hears the same. */
    private ToolOutcome answeredBy(String preview, GuardedCall call) {
        CallIdentity which = call.identity();
        GuardedTool tool = which.context().tools().get(preview);
        if (tool != null && !tool.spec().dryRun().reads()) {
            return new ToolOutcome.Refused(
                    "preview: tool:%s does not only read; name a tool with readOnlyHint: true, set in its route or below drover.tools"
                            .formatted(preview));
        }
        JsonNode question = tool == null ? which.arguments() : ReconcileQuestion.of(which, tool.spec());
        UUID address = Digest.uuid(which.address().toString(), "preview", preview);
        call.attempt().calls().ended(which.address()); // for rules about the preview it is what its record says
        ToolOutcome outcome = entrance.enter(
                which.context(),
                new ToolRequest(preview, question).redacting(which.redaction()),
                address,
                Json.canonical(question));
        return outcome instanceof ToolOutcome.Succeeded done
                ? journal.standIn(call, Json.write(done.value()), "tool:" + preview)
                : outcome;
    }

    private ToolOutcome echoed(GuardedCall call) {
        Schema schema = schemas.stream()
                .map(known -> known.resultOf(call.spec().name()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        JsonNode echo = Echo.of(call.identity().redaction().in(call.identity().arguments()), schema);
        List<String> problems = schema == null ? List.of() : schema.problems(echo);
        return problems.isEmpty()
                ? journal.standIn(call, Json.write(echo), "echo")
                : new ToolOutcome.Refused(
                        "no result could be made up that fits the tool's schema (%s); set drover.tools.%s.dry-run-result"
                                .formatted(
                                        String.join("; ", problems), call.spec().name()));
    }
}
