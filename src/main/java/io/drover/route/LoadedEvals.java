package io.drover.route;

import io.drover.eval.Eval;
import io.drover.eval.EvalsInForce;
import io.drover.route.check.EvalsFile;
import io.drover.route.check.RouteFile;
import io.drover.route.check.RouteValidator;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps the evals in force equal to the file of evals. */
final class LoadedEvals extends FileAboutRoutes<List<Eval>> {

    private final RouteValidator validator;
    private final EvalsInForce inForce;

    LoadedEvals(Path directory, RouteValidator validator, EvalsInForce inForce, RouteProblems problems) {
        super(directory, "evals", "evals: {}", List.of(), EvalsFile::isName, problems);
        this.validator = validator;
        this.inForce = inForce;
    }

    @Override
    @Nullable
    EvalsFile read(Path directory, Collection<RouteFile> routes) {
        return validator.evals(directory, routes);
    }

    @Override
    void put(List<Eval> evals) {
        inForce.put(evals);
    }

    /** Tasks are submitted without a sample meanwhile. */
    @Override
    void unusable(String why) {}

    @Override
    boolean isAnyInForce() {
        return inForce.isAnyInForce();
    }
}
