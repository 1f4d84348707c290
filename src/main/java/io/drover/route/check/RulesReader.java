package io.drover.route.check;

import io.drover.json.Excerpt;
import io.drover.rules.ArgumentTypes;
import io.drover.rules.Fault;
import io.drover.rules.FaultyConditionException;
import io.drover.rules.HistoryUse;
import io.drover.rules.NamePattern;
import io.drover.rules.Rule;
import io.drover.rules.RuleText;
import io.drover.rules.Ruling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads rules from a parsed file, and says what is wrong with them. */
final class RulesReader {

    private static final Set<String> TOP = Set.of("rules");
    static final Set<String> FIELDS =
            Set.of("id", "why", "tools", "workflows", "agents", "when", "then", "observe", "per", "within", "cases");
    private static final Set<String> VERDICTS = Set.of("permit", "ask", "forbid");

    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,63}");
    private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9*][A-Za-z0-9._()+@:=*-]{0,79}");

    private static final Pattern TIME = Pattern.compile("([1-9][0-9]{0,6})([smhd])");
    private static final Map<String, Integer> UNITS = Map.of("s", 1, "m", 60, "h", 3_600, "d", 86_400);
    private static final Duration LONGEST_PERIOD = Duration.ofDays(31);

    private static final int MOST_RULES = 200;
    private static final int MOST_NAMES = 50;
    private static final int LONGEST_WHY = 300;

    private final String file;
    private final RouteSet routes;
    private final SortedSet<Problem> problems = new TreeSet<>();
    private final Map<String, Optional<ArgumentTypes>> types = new HashMap<>();
    private final SortedSet<Problem> warnings = new TreeSet<>();

    /** @param file its name, for problems */
    RulesReader(String file, RouteSet routes) {
        this.file = file;
        this.routes = routes;
    }

    /** @param rules those without a fault */
    record Read(List<Rule> rules, Collection<Problem> problems, Collection<Problem> warnings) {

        static Read failed(String file, int line, String message) {
            return new Read(List.of(), List.of(new Problem(file, line, message)), List.of());
        }
    }

    Read read(@Nullable Yaml root) {
        Yaml list = root == null ? null : root.get("rules");
        if (root == null || !root.isMapping() || list == null || !list.isSequence()) {
            return Read.failed(
                    file, 1, "it must hold 'rules:' and a list of rules; a file without rules holds 'rules: []'");
        }
        DuplicateKeys.check(root, this::problem);
        members(root, TOP, "the file");
        if (list.items().size() > MOST_RULES) {
            return Read.failed(
                    file,
                    list.line(),
                    "there are %d rules; there may be at most %d"
                            .formatted(list.items().size(), MOST_RULES));
        }
        Map<String, Integer> lines = new HashMap<>();
        List<Rule> rules = new ArrayList<>();
        for (Yaml item : list.items()) {
            RuleText text = text(item);
            if (text != null) {
                Integer before = lines.putIfAbsent(text.id(), item.line());
                if (before != null) {
                    problem(item.line(), "the id '%s' is that of the rule in line %d".formatted(text.id(), before));
                }
                Rule rule = compiled(text, item);
                if (rule != null) {
                    rules.add(rule);
                }
            }
        }
        if (problems.isEmpty()) {
            RuleCases cases = new RuleCases(routes, rules, this::problem);
            list.items().forEach(cases::check);
        }
        return new Read(rules, problems, warnings);
    }

    private @Nullable RuleText text(Yaml item) {
        int before = problems.size();
        if (!item.isMapping()) {
            problem(item.line(), "a rule must be a mapping with 'id', 'tools' and 'then'");
            return null;
        }
        String id = item.text("id");
        String what = id.isEmpty() ? "a rule" : "rule " + Excerpt.of(id);
        members(item, FIELDS, what);
        if (!ID.matcher(id).matches()) {
            problem(
                    item.line("id"),
                    "id '%s': it must be 1 to 64 lower-case letters, digits and '-', beginning with a letter"
                            .formatted(Excerpt.of(id)));
        }
        String then = item.text("then");
        if (!VERDICTS.contains(then)) {
            problem(
                    item.line("then"),
                    "%s: then '%s': it must be permit, ask or forbid%s"
                            .formatted(what, Excerpt.of(then), Nearest.hint(then, VERDICTS)));
        }
        String observe = item.text("observe");
        if (item.get("observe") != null && !observe.equals("true") && !observe.equals("false")) {
            problem(
                    item.line("observe"),
                    "%s: observe '%s': it must be true or false".formatted(what, Excerpt.of(observe)));
        }
        String why = scalar(item, "why", what);
        if (why.length() > LONGEST_WHY) {
            problem(
                    item.line("why"),
                    "%s: why has %d characters; it must have at most %d".formatted(what, why.length(), LONGEST_WHY));
        }
        List<String> tools = names(item, "tools", what);
        if (tools.isEmpty() && problems.size() == before) {
            problem(
                    item.line(),
                    "%s: tools is missing; name the tools that it is about, or write \"*\"".formatted(what));
        }
        List<String> workflows = names(item, "workflows", what);
        List<String> agents = names(item, "agents", what);
        String when = scalar(item, "when", what);
        RuleText.Per per = per(item, what, then);
        return problems.size() > before
                ? null
                : new RuleText(
                        id,
                        why.strip(),
                        tools,
                        workflows,
                        agents,
                        when,
                        Ruling.valueOf(then.toUpperCase(java.util.Locale.ROOT)),
                        observe.equals("true"),
                        per);
    }

    /** What a rule counts together: it says how far back, and forbids what goes beyond or asks. */
    private RuleText.@Nullable Per per(Yaml item, String what, String then) {
        String key = scalar(item, "per", what);
        String within = scalar(item, "within", what);
        if (item.get("per") == null && item.get("within") == null) {
            return null;
        }
        Matcher time = TIME.matcher(within);
        if (key.isEmpty() || !time.matches()) {
            problem(
                    item.line(key.isEmpty() ? "within" : "per"),
                    "%s: per and within belong together; within is a time from 1s to 31d, as in 24h".formatted(what));
            return null;
        }
        Duration period = Duration.ofSeconds(Long.parseLong(time.group(1)) * UNITS.getOrDefault(time.group(2), 1));
        if (period.compareTo(LONGEST_PERIOD) > 0) {
            problem(
                    item.line("within"),
                    "%s: within (%s) must be at most %d days".formatted(what, within, LONGEST_PERIOD.toDays()));
        }
        if (then.equals("permit")) {
            problem(
                    item.line("then"),
                    "%s: then 'permit': a rule with per can forbid or ask; write a condition for what goes beyond the limit"
                            .formatted(what));
        }
        return new RuleText.Per(key, period);
    }

    private String scalar(Yaml item, String field, String what) {
        Yaml value = item.get(field);
        if (value != null && (!value.isScalar() || value.text().isBlank())) {
            problem(value.line(), "%s: %s must be a text".formatted(what, field));
        }
        return value == null ? "" : value.text();
    }

    private List<String> names(Yaml item, String field, String what) {
        Yaml value = item.get(field);
        if (value == null) {
            return List.of();
        }
        List<Yaml> all = value.isScalar() ? List.of(value) : value.items();
        if (all.isEmpty() || all.size() > MOST_NAMES) {
            problem(value.line(), "%s: %s must be a list of 1 to %d names".formatted(what, field, MOST_NAMES));
        }
        for (Yaml name : all) {
            if (!NAMES.matcher(name.text()).matches()) {
                problem(
                        name.line(),
                        "%s: %s: '%s' is not a name; a name may hold '*' for any characters"
                                .formatted(what, field, Excerpt.of(name.text())));
            } else {
                known(field, name, what);
            }
        }
        return all.stream().map(Yaml::text).toList();
    }

    private void known(String field, Yaml name, String what) {
        Set<String> known =
                switch (field) {
                    case "tools" -> tools();
                    case "workflows" -> workflows();
                    default -> agents();
                };
        NamePattern pattern = new NamePattern(name.text());
        boolean elsewhere = name.text().equals("*")
                || field.equals("tools")
                        && (name.text().startsWith("model.")
                                || routes.settings.isOfMcpServer(name.text())
                                || routes.hasTool(name.text()));
        if (!elsewhere && known.stream().noneMatch(pattern::matches)) {
            warnings.add(new Problem(
                    file,
                    name.line(),
                    "%s: there is no %s '%s'%s"
                            .formatted(
                                    what,
                                    field.substring(0, field.length() - 1),
                                    name.text(),
                                    Nearest.hint(name.text(), known))));
        }
    }

    private Set<String> tools() {
        return Stream.concat(routes.tools().stream(), RouteSet.BUILT_IN.keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> workflows() {
        Set<String> known = new TreeSet<>(routes.workflows());
        known.add(RouteSet.MCP);
        known.add(RouteSet.ON_END);
        return known;
    }

    private Set<String> agents() {
        return routes.routes.stream()
                .flatMap(route -> route.uses().stream())
                .filter(use -> use.is("agent"))
                .map(EndpointUse::path)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private @Nullable Rule compiled(RuleText text, Yaml item) {
        Yaml when = item.get("when");
        try {
            Rule rule = Rule.of(text, Nearest::hint);
            rule.history().forEach(use -> history(use, text, when));
            if (text.per() != null && rule.history().isEmpty()) {
                problem(
                        item.line(),
                        "rule %s: per and within are about its history, and its condition asks for none"
                                .formatted(text.id()));
            }
            fitsKey(rule, text, item.get("per"));
            return when == null || fits(rule, text, when) ? rule : null;
        } catch (FaultyConditionException e) {
            e.faults().forEach(fault -> problem(fault, text, "", when));
            return null;
        }
    }

    /** Warns of a tool that does not exist, and refuses the sum of an argument that its tool does not have. */
    private void history(HistoryUse use, RuleText text, @Nullable Yaml when) {
        String tool = use.tool();
        if (text.per() != null
                && when != null
                && (tool == null || text.tools().stream().noneMatch(name -> new NamePattern(name).matches(tool)))) {
            problem(
                    when.line(),
                    "rule %s: history: a rule with per knows the calls of the tools that it is about, and no others; name one of them"
                            .formatted(text.id()));
            return;
        }
        if (tool == null || when == null) {
            return;
        }
        if (!routes.hasTool(tool) && !tool.startsWith("model.") && !routes.settings.isOfMcpServer(tool)) {
            warnings.add(new Problem(
                    file,
                    when.line(),
                    "rule %s: history: there is no tool '%s'%s"
                            .formatted(text.id(), Excerpt.of(tool), Nearest.hint(tool, tools()))));
        }
        String argument = use.argument();
        Optional<ArgumentTypes> known =
                argument == null || !routes.hasTool(tool) ? Optional.empty() : types.computeIfAbsent(tool, this::types);
        if (argument != null && known.isPresent() && !known.get().names().contains(argument)) {
            problem(
                    new Fault(
                            0,
                            "tool:%s has no argument '%s'%s"
                                    .formatted(
                                            tool,
                                            Excerpt.of(argument),
                                            Nearest.hint(argument, known.get().names()))),
                    text,
                    "",
                    when);
        }
    }

    /** Whether its condition fits the arguments of all tools that it is about. */
    private boolean fits(Rule rule, RuleText text, Yaml when) {
        Map<Fault, Set<String>> faults = new HashMap<>();
        for (String tool : tools()) {
            Optional<ArgumentTypes> known =
                    rule.isAbout(tool) ? types.computeIfAbsent(tool, this::types) : Optional.empty();
            if (known.isPresent()) {
                rule.faults(known.get(), Nearest::hint)
                        .forEach(fault -> faults.computeIfAbsent(fault, f -> new LinkedHashSet<>())
                                .add("tool:" + tool));
            }
        }
        faults.forEach((fault, tools) -> problem(fault, text, " for " + String.join(", ", tools), when));
        return faults.isEmpty();
    }

    private void fitsKey(Rule rule, RuleText text, @Nullable Yaml per) {
        if (per == null) {
            return;
        }
        String shown = Excerpt.of(per.text().strip(), 120);
        for (String tool : tools()) {
            Optional<ArgumentTypes> known =
                    rule.isAbout(tool) ? types.computeIfAbsent(tool, this::types) : Optional.empty();
            known.map(arguments -> rule.keyFaults(arguments, Nearest::hint))
                    .orElse(List.of())
                    .forEach(fault -> problem(
                            per.line(),
                            "rule %s: per '%s' for tool:%s: %s".formatted(text.id(), shown, tool, fault.message())));
        }
    }

    /** Empty where the arguments cannot be told from the schema. */
    private Optional<ArgumentTypes> types(String tool) {
        ToolDeclaration declaration = routes.tool(tool);
        return declaration == null || declaration.arguments() == null || declaration.isOpen()
                ? Optional.empty()
                : Optional.of(ArgumentTypes.of(declaration.arguments().schema()));
    }

    private void problem(Fault fault, RuleText text, String where, @Nullable Yaml when) {
        int line =
                when == null ? 1 : when.line(Math.min(fault.index(), when.text().length()));
        String shown = Excerpt.of(text.when().strip().replaceAll("\\s+", " "), 120);
        problem(line, "rule %s: when '%s'%s: %s".formatted(text.id(), shown, where, fault.message()));
    }

    private void members(Yaml mapping, Set<String> known, String what) {
        areKnown(mapping, known, what, this::problem);
    }

    /** Whether a mapping has no fields but these; each other one is a problem. */
    static boolean areKnown(Yaml mapping, Set<String> known, String what, BiConsumer<Integer, String> problem) {
        boolean good = true;
        for (Yaml.Member member : mapping.members()) {
            if (!known.contains(member.name())) {
                String hint = Nearest.hint(member.name(), known);
                problem.accept(
                        member.key().line(),
                        "%s: '%s' is not a field%s"
                                .formatted(
                                        what,
                                        Excerpt.of(member.name()),
                                        hint.isEmpty()
                                                ? "; there are " + String.join(", ", new TreeSet<>(known))
                                                : hint));
                good = false;
            }
        }
        return good;
    }

    private void problem(int line, String message) {
        problems.add(new Problem(file, line, message));
    }
}
