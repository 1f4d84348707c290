package io.drover.route.check;

import io.drover.guard.GuardProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;

/** Where routes ask for flags, and what keeps these from being found. */
final class FlagUses {

    private static final String FILE = "flags.yaml";

    private FlagUses() {}

    /** @param known the names of all flags */
    static List<Problem> problems(RouteSource route, Set<String> known, Settings settings) {
        List<Problem> problems = new ArrayList<>();
        if (route.root() == null) {
            return problems;
        }
        route.root().scalars(text -> {
            Matcher use = FlagLanguage.USE.matcher(text.text());
            while (use.find()) {
                Matcher reference = FlagLanguage.REFERENCE.matcher(use.group(1));
                if (reference.matches()) {
                    int line = text.line(use.start());
                    known(route, line, reference.group(1), known, problems);
                    if (route.isTrigger()) {
                        problems.add(new Problem(
                                route.file(),
                                line,
                                "${flag:%s} works only in a task, and a trigger has none yet; ask for it in the workflow"
                                        .formatted(use.group(1))));
                    }
                }
            }
        });
        EndpointUse.Option option = route.isTool() ? route.declaration().option("flag") : null;
        if (option != null) {
            known(route, option.line(), settings.resolve(option.value().text()), known, problems);
        }
        return problems;
    }

    /** The same for the flags of tools that are settings of this environment, and so stand in no route. */
    static List<Problem> ofSettings(GuardProperties guard, Set<String> known) {
        List<Problem> problems = new ArrayList<>();
        guard.tools().forEach((tool, settings) -> {
            Object flag = settings.get("flag");
            if (flag != null && !known.contains(flag.toString())) {
                problems.add(new Problem(
                        FILE,
                        1,
                        "drover.tools.%s.flag (%s): %s".formatted(tool, flag, unknown(flag.toString(), known))));
            }
        });
        return problems;
    }

    private static void known(RouteSource route, int line, String flag, Set<String> known, List<Problem> problems) {
        if (!known.contains(flag) && !flag.contains("{{")) {
            problems.add(new Problem(route.file(), line, unknown(flag, known)));
        }
    }

    private static String unknown(String flag, Set<String> known) {
        return "there is no flag '%s'%s; flags are defined in %s".formatted(flag, Nearest.hint(flag, known), FILE);
    }
}
