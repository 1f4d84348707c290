package io.drover.route;

import io.drover.route.check.EvalsFile;
import io.drover.route.check.FlagsFile;
import io.drover.route.check.Problem;
import io.drover.route.check.RolloutsFile;
import io.drover.route.check.RouteFile;
import io.drover.route.check.RulesFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The files beside the route files of which there is one each. */
record SingleFiles(LoadedRules rules, LoadedFlags flags, LoadedRollouts rollouts, LoadedEvals evals) {

    static boolean isName(String name) {
        return RulesFile.isName(name) || FlagsFile.isName(name) || RolloutsFile.isName(name) || EvalsFile.isName(name);
    }

    /** Makes what is in force what is on disk. @param routes that they are about, by id */
    void reconcile(Map<String, RouteFile> routes) {
        rules.reconcile(routes);
        flags.reconcile(routes);
        rollouts.reconcile(routes);
        evals.reconcile(routes);
    }

    private Stream<LoadedFile<?>> all() {
        return Stream.of(rules, flags, rollouts, evals);
    }

    Stream<String> names() {
        return all().flatMap(LoadedFile::names);
    }

    /** The digests of those in force, by their names. */
    Map<String, Long> digests() {
        Map<String, Long> digests = new HashMap<>();
        all().forEach(file -> digests.putAll(file.digests()));
        return digests;
    }

    List<Problem> warnings() {
        List<Problem> warnings = new ArrayList<>();
        all().forEach(file -> warnings.addAll(file.warnings()));
        return warnings;
    }
}
