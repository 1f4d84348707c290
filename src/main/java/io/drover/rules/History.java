package io.drover.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelEvaluationExceptionBuilder;
import dev.cel.runtime.CelFunctionBinding;
import io.drover.rules.TaskHistory.Earlier;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;

/** {@code history} in a condition. It notes whether the condition has asked about a call that is under way. */
final class History {

    static final String DID = "did";
    static final String COUNT = "count";
    static final String SUM = "sum";

    static final CelType TYPE = OpaqueType.create("history");

    static final List<CelFunctionDecl> FUNCTIONS = List.of(
            CelFunctionDecl.newFunctionDeclaration(
                    DID, CelOverloadDecl.newMemberOverload("history_did", SimpleType.BOOL, TYPE, SimpleType.STRING)),
            CelFunctionDecl.newFunctionDeclaration(
                    COUNT, CelOverloadDecl.newMemberOverload("history_count", SimpleType.INT, TYPE, SimpleType.STRING)),
            CelFunctionDecl.newFunctionDeclaration(
                    SUM,
                    CelOverloadDecl.newMemberOverload(
                            "history_sum", SimpleType.DOUBLE, TYPE, SimpleType.STRING, SimpleType.STRING)));

    static final List<CelFunctionBinding> BINDINGS = List.of(
            CelFunctionBinding.from("history_did", History.class, String.class, History::did),
            CelFunctionBinding.from("history_count", History.class, String.class, History::count),
            CelFunctionBinding.from(
                    "history_sum", List.of(History.class, String.class, String.class), args -> ((History) args[0])
                            .sum((String) args[1], (String) args[2])));

    private final TaskHistory task;
    private boolean isOpen;

    History(TaskHistory task) {
        this.task = task;
    }

    /** Whether a condition has asked about a call that is under way since this was asked last. */
    boolean wasOpen() {
        boolean open = isOpen;
        isOpen = false;
        return open;
    }

    private boolean did(String tool) {
        Collection<Earlier> calls = task.calls(tool);
        boolean done = calls.stream().anyMatch(call -> !call.isUnderWay());
        isOpen |= !done && !calls.isEmpty();
        return !calls.isEmpty();
    }

    private long count(String tool) {
        return seen(tool).size();
    }

    private double sum(String tool, String argument) throws CelEvaluationException {
        BigDecimal sum = BigDecimal.ZERO;
        for (Earlier call : seen(tool)) {
            JsonNode value = call.arguments().get().path(argument);
            if (!value.isNumber() && !value.isMissingNode() && !value.isNull()) {
                throw CelEvaluationExceptionBuilder.newBuilder(
                                "history.sum('%s', '%s'): an earlier call has an argument that is no number",
                                tool, argument)
                        .build();
            }
            sum = value.isNumber() ? sum.add(value.decimalValue()) : sum;
        }
        return sum.doubleValue();
    }

    private Collection<Earlier> seen(String tool) {
        Collection<Earlier> calls = task.calls(tool);
        isOpen |= calls.stream().anyMatch(Earlier::isUnderWay);
        return calls;
    }
}
