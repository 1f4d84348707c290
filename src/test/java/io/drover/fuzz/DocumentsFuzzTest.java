package io.drover.fuzz;

import io.drover.Fuzz;
import io.drover.route.check.RulesRounds;
import io.drover.route.check.YamlRounds;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random documents at the doors of Drover, sound and broken: each kind for the same minute. */
class DocumentsFuzzTest {

    @Test
    void eachIsTakenAsItIsOrRefused(@TempDir Path sound, @TempDir Path broken) {
        YamlRounds yaml = new YamlRounds();
        Fuzz.together(
                new Fuzz.Kind("json.sound", JsonRounds::whatIsLetInKeepsItsValueAndItsSpelling),
                new Fuzz.Kind("json.broken", JsonRounds::whatIsBrokenIsRefusedInShortWords),
                new Fuzz.Kind("completions", CompletionsRounds::isAnAnswerThatCanBeSentBackOrRefused),
                new Fuzz.Kind("rules.sound", new RulesRounds(sound)::theySayWhatTheyMean),
                new Fuzz.Kind("rules.broken", new RulesRounds(broken)::whatIsBrokenEndsInShortWords),
                new Fuzz.Kind("yaml", yaml::everyTextEndsInProblemsOrInNone));
    }
}
