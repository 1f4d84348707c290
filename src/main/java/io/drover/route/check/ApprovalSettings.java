package io.drover.route.check;

import io.drover.guard.GuardProperties;
import io.drover.start.RefusedToStartException;
import java.util.List;

/** Checks the approval predicates of configuration by the rules for those of route files. */
final class ApprovalSettings {

    private ApprovalSettings() {}

    /** @throws RefusedToStartException if one does not parse or can take very long */
    static void check(GuardProperties settings, SimpleExpressions simple) {
        settings.tools().forEach((name, tool) -> {
            if (tool.get("approval") instanceof String approval && approval.contains("${")) {
                String unparsable = simple.problem(approval, true);
                List<String> problems =
                        unparsable == null ? RegularExpressions.problems(approval) : List.of(unparsable);
                if (!problems.isEmpty()) {
                    throw new RefusedToStartException("drover.tools.%s.approval: %s".formatted(name, problems.get(0)));
                }
            }
        });
    }
}
