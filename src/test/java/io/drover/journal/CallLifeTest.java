package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The life of a call is what docs/architecture.md draws and says. */
@Quick
class CallLifeTest {

    private static final String NEW = "new";
    private static final Pattern ARROW = Pattern.compile("^    (\\S+) --> (\\S+)", Pattern.MULTILINE);
    private static final Pattern ROW =
            Pattern.compile("^\\| (new|`[A-Z_]+`) \\|[^|]*\\|([^|]*)\\|([^|]*)\\|[^|]*\\|$", Pattern.MULTILINE);
    private static final Pattern STATE = Pattern.compile("[A-Z_]+");

    @Test
    void theTableSaysWhatAnAttemptAndAPersonMayMakeOfACall() throws IOException {
        Map<String, Set<String>> byAttempt = new TreeMap<>();
        Map<String, Set<String>> byPerson = new TreeMap<>();
        ROW.matcher(section()).results().forEach(row -> {
            String state = row.group(1).replace("`", "");
            byAttempt.put(state, states(row.group(2)));
            byPerson.put(state, states(row.group(3)));
        });

        assertThat(byAttempt).isEqualTo(byAttempt());
        assertThat(byPerson).isEqualTo(byPerson());
    }

    @Test
    void theDiagramDrawsEveryStep() throws IOException {
        Map<String, Set<String>> drawn = new TreeMap<>();
        ARROW.matcher(section()).results().forEach(arrow -> drawn.computeIfAbsent(
                        arrow.group(1).equals("[*]") ? NEW : arrow.group(1), from -> new TreeSet<>())
                .add(arrow.group(2)));

        Map<String, Set<String>> all = byAttempt();
        byPerson().forEach((from, next) -> all.get(from).addAll(next));
        for (CallState state : CallState.values()) {
            all.get(state.name())
                    .addAll(state.byResult().stream().map(CallState::name).toList());
            if (state.isFinal()) {
                all.get(state.name()).add("[*]");
            }
        }
        assertThat(drawn).isEqualTo(all);
    }

    @Test
    void whatIsFinalStaysAsItIs() {
        for (CallState state : CallState.values()) {
            boolean stays = CallState.byAttempt(state).isEmpty()
                    && state.byPerson().isEmpty()
                    && state.byResult().isEmpty();
            assertThat(state.isFinal()).as("%s", state).isEqualTo(stays);
        }
    }

    private static String section() throws IOException {
        String page = Files.readString(Path.of("docs/architecture.md"));
        return page.substring(page.indexOf("\n## The life of a call"), page.indexOf("\n## An agent"));
    }

    private static Map<String, Set<String>> byAttempt() {
        Map<String, Set<String>> steps = new TreeMap<>(Map.of(NEW, names(CallState.byAttempt(null))));
        for (CallState state : CallState.values()) {
            steps.put(state.name(), names(CallState.byAttempt(state)));
        }
        return steps;
    }

    private static Map<String, Set<String>> byPerson() {
        Map<String, Set<String>> steps = new TreeMap<>(Map.of(NEW, new TreeSet<>()));
        for (CallState state : CallState.values()) {
            steps.put(state.name(), names(state.byPerson()));
        }
        return steps;
    }

    private static Set<String> names(Set<CallState> states) {
        return states.stream().map(Enum::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> states(String cell) {
        return STATE.matcher(cell).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }
}
