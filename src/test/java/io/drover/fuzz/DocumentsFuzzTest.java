package io.drover.fuzz;

import io.drover.Fuzz;
import io.drover.route.check.YamlRounds;
import org.junit.jupiter.api.Test;

/** Random documents at the doors of Drover, sound and broken: each kind for the same minute. */
class DocumentsFuzzTest {

    @Test
    void eachIsTakenAsItIsOrRefused() {
        YamlRounds yaml = new YamlRounds();
        Fuzz.together(
                new Fuzz.Kind("json.sound", JsonRounds::whatIsLetInKeepsItsValueAndItsSpelling),
                new Fuzz.Kind("json.broken", JsonRounds::whatIsBrokenIsRefusedInShortWords),
                new Fuzz.Kind("completions", CompletionsRounds::isAnAnswerThatCanBeSentBackOrRefused),
                new Fuzz.Kind("yaml", yaml::everyTextEndsInProblemsOrInNone));
    }
}
