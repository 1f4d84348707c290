package io.drover.route.check;

import io.drover.eval.Eval;
import io.drover.rollout.DeclaredRollout;
import io.drover.rollout.Rollout;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The file of rollouts, read and checked once. */
public final class RolloutsFile extends SingleFile<List<DeclaredRollout>> {

    private static final String KIND = "rollouts";

    private RolloutsFile(Source source, RolloutsReader.Read read) {
        super(source, read.problems(), read.warnings(), read::rollouts);
    }

    /** Whether it is that of a file of rollouts, relative to the routes directory. */
    public static boolean isName(String name) {
        return isName(KIND, name);
    }

    /** Null where there is no file. */
    static @Nullable RolloutsFile read(Path directory, RouteSet routes) {
        Source source = Source.in(directory, KIND);
        return source == null ? null : new RolloutsFile(source, read(source, routes));
    }

    /** The rollouts that compare scores of a workflow that has no eval. @param evals the file of evals, or null */
    List<Problem> withoutEval(@Nullable EvalsFile evals) {
        List<DeclaredRollout> rollouts = content();
        List<Eval> there = evals == null ? List.of() : evals.content();
        if (rollouts == null || there == null) { // which is said
            return List.of();
        }
        return rollouts.stream()
                .map(DeclaredRollout::rollout)
                .filter(rollout ->
                        rollout.rails().stream().anyMatch(rail -> rail.name().equals(Rollout.SCORE)))
                .filter(rollout ->
                        there.stream().noneMatch(eval -> eval.workflow().equals(rollout.workflow())))
                .map(rollout -> new Problem(
                        name(),
                        1,
                        "rollout %s: guardrail score: task:%s has no eval, so there is no score to compare; write one into evals.yaml"
                                .formatted(rollout.id(), rollout.workflow())))
                .toList();
    }

    private static RolloutsReader.Read read(Source source, RouteSet routes) {
        return source.read(
                root -> new RolloutsReader(source.name(), routes).read(root),
                (line, why) -> RolloutsReader.Read.failed(source.name(), line, why));
    }
}
