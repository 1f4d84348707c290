package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.drover.Quick;
import io.drover.rules.CallFacts;
import io.drover.rules.Rule;
import io.drover.rules.RuleText;
import io.drover.rules.Rules;
import io.drover.rules.Ruling;
import io.drover.rules.TaskHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

/** What {@code validate} says about a file of rules. */
@Quick
class RulesFileTest {

    @TempDir
    Path directory;

    @BeforeEach
    void tools() throws IOException {
        tool("refund", "parameter.amount: number\n        parameter.count: integer?\n        parameter.note: string?");
        tool("lookup", "parameter.email: string");
        Files.writeString(
                directory.resolve("support.camel.yaml"),
                """
                - route:
                    id: support
                    from:
                      uri: task:support
                      steps:
                        - to:
                            uri: tool:lookup
                            parameters:
                              arg.email: a@example.org
                """);
    }

    private void tool(String name, String parameters) throws IOException {
        Files.writeString(
                directory.resolve(name + ".camel.yaml"),
                """
                - route:
                    id: %s
                    from:
                      uri: tool:%s
                      parameters:
                        description: Does it
                        %s
                      steps:
                        - setBody:
                            expression:
                              constant:
                                expression: done
                """
                        .formatted(name, name, parameters));
    }

    private List<String> problems(String rules) throws IOException {
        Files.writeString(directory.resolve("rules.yaml"), rules);
        return RouteValidator.standalone(new MockEnvironment()).validate(directory).problems().stream()
                .map(Problem::toString)
                .toList();
    }

    private List<String> problemsOf(String fields) throws IOException {
        return problems("rules:\n  - id: one\n" + fields.indent(4));
    }

    @Test
    void takesRulesWithExamples() throws IOException {
        assertThat(
                        problems(
                                """
                        rules:
                          - id: large-refunds
                            why: A refund above 500 needs a person.
                            tools: [refund]
                            when: args.amount > 500
                            then: ask
                            cases:
                              - tool: refund
                                args: { amount: 500 }
                                expect: permit
                              - { tool: refund, args: { amount: 500.01 }, expect: ask }
                              - { tool: refund, args: { amount: 99999999999999999999999999 }, expect: ask }
                          - id: no-refunds-by-agents
                            tools: "ref*"
                            agents: ["*"]
                            workflows: [support]
                            observe: true
                            then: forbid
                            cases:
                              - { tool: refund, args: { amount: 5 }, agents: [triage], workflow: support, expect: forbid }
                              - { tool: refund, args: { amount: 5 }, workflow: support, expect: permit }
                              - { tool: refund, args: { amount: 5 }, agents: [triage], workflow: other, expect: permit }
                          - id: only-known-mail
                            tools: [lookup]
                            when: |
                              args.email.endsWith('@example.org')
                              || actor.name == 'ann' && task.workflow == 'support' && task.attempt == 1
                            then: permit
                            cases:
                              - { tool: lookup, args: { email: a@example.org }, expect: permit }
                              - { tool: lookup, args: { email: a@example.com }, expect: forbid }
                              - { tool: lookup, args: { email: a@b }, actor: ann, workflow: support, expect: permit }
                              - { tool: lookup, args: { email: a@b }, actor: ann, workflow: support, attempt: 2, expect: forbid }
                        """))
                .isEmpty();
    }

    @Test
    void takesLimitsOfACustomer() throws IOException {
        assertThat(
                        problems(
                                """
                        rules:
                          - id: lookups-of-a-customer
                            tools: [lookup]
                            per: args.email.lowerAscii()
                            within: 90m
                            when: history.count('lookup') >= 2
                            then: forbid
                        """))
                .containsExactly(
                        "rules.yaml:6: rule lookups-of-a-customer: when 'history.count('lookup') >= 2': per: there is no 'lowerAscii'");
        assertThat(
                        problems(
                                """
                        rules:
                          - id: lookups-of-a-customer
                            tools: [lookup]
                            per: args.email
                            within: 31d
                            when: history.count('lookup') >= 2
                            then: forbid
                            cases:
                              - { tool: lookup, args: { email: a }, history: [ { tool: lookup, args: { email: a } } ], expect: permit }
                              - tool: lookup
                                args: { email: a }
                                history: [ { tool: lookup, args: { email: a } }, { tool: lookup, args: { email: a } } ]
                                expect: forbid
                        """))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "per: args.email, when: \"history.did('lookup')\", then: forbid | per and within belong together; within is a time from 1s to 31d, as in 24h",
                "within: 24h, when: \"history.did('lookup')\", then: forbid | per and within belong together",
                "per: args.email, within: soon, when: \"history.did('lookup')\", then: forbid | per and within belong together",
                "per: args.email, within: 32d, when: \"history.did('lookup')\", then: forbid | within (32d) must be at most 31 days",
                "per: args.email, within: 24h, when: \"history.did('lookup')\", then: permit | then 'permit': a rule with per can forbid or ask",
                "per: args.email, within: 24h, when: \"history.did('refund')\", then: forbid | a rule with per knows the calls of the tools that it is about, and no others",
                "per: args.email, within: 24h, when: \"args.email == 'a'\", then: forbid | per and within are about its history, and its condition asks for none",
                "per: args.emial, within: 24h, when: \"history.did('lookup')\", then: forbid | per 'args.emial' for tool:lookup: there is no 'emial'; did you mean 'email'?",
                "per: size(args.email), within: 24h, when: \"history.did('lookup')\", then: forbid | per: ",
                "per: \"string(history.count('lookup'))\", within: 24h, when: \"history.did('lookup')\", then: forbid | per: what calls have in common cannot depend on their history",
            })
    void saysWhatIsWrongWithALimit(String fields, String message) throws IOException {
        assertThat(problems("rules:\n  - { id: one, tools: [lookup], %s }".formatted(fields)))
                .anySatisfy(problem ->
                        assertThat(problem).startsWith("rules.yaml:2: rule one").contains(message));
    }

    /** Which of the two counts YAML leaves open: a rule that is read as another one would let calls through. */
    @Test
    void aFieldIsThereOnce() throws IOException {
        assertThat(problemsOf("tools: [refund]\nthen: permit\nthen: forbid"))
                .containsExactly("rules.yaml:5: 'then' is there twice");
        assertThat(problems("rules: []\nrules:\n  - { id: a, tools: [refund], then: forbid }"))
                .containsExactly("rules.yaml:2: 'rules' is there twice");
    }

    @Test
    void aConditionKnowsTheRolesOfTheUserAndTheCostOfTheTask() throws IOException {
        assertThat(
                        problems(
                                """
                        rules:
                          - id: operators-only
                            tools: [refund]
                            when: "'operator' in actor.roles && cost <= 1.5"
                            then: permit
                            cases:
                              - { tool: refund, args: { amount: 1 }, actor: ann, roles: [viewer, operator], cost: 1.5, expect: permit }
                              - { tool: refund, args: { amount: 1 }, actor: ann, roles: [operator], cost: 2, expect: forbid }
                              - { tool: refund, args: { amount: 1 }, actor: bob, roles: [viewer], expect: forbid }
                              - { tool: refund, args: { amount: 1 }, actor: ann, expect: forbid }
                        """))
                .isEmpty();
        assertThat(problemsOf("tools: [refund]\nwhen: cots > 1.0\nthen: ask"))
                .singleElement()
                .asString()
                .contains("there is no 'cots'; did you mean 'cost'?");
        assertThat(problemsOf("tools: [refund]\nthen: ask\ncases: [{ tool: refund, cost: much, expect: ask }]"))
                .singleElement()
                .asString()
                .contains("case: cost must be a number of dollars");
    }

    @Test
    void aConditionMayAskWhetherNothingIsDone() throws IOException {
        assertThat(
                        problemsOf(
                                """
                        tools: [refund]
                        when: mode == 'live'
                        then: ask
                        cases:
                          - { tool: refund, args: { amount: 1 }, expect: ask }
                          - { tool: refund, args: { amount: 1 }, mode: live, expect: ask }
                          - { tool: refund, args: { amount: 1 }, mode: dry-run, expect: permit }
                        """))
                .isEmpty();
        assertThat(problemsOf("tools: [refund]\nthen: ask\ncases: [{ tool: refund, mode: dry, expect: ask }]"))
                .singleElement()
                .asString()
                .contains("case: mode 'dry': it must be live or dry-run");
    }

    @Test
    void aConditionKnowsTheEarlierCallsOfTheTask() throws IOException {
        assertThat(
                        problems(
                                """
                        rules:
                          - id: look-first
                            tools: [refund]
                            when: history.did('lookup') && history.count('refund') < 2 && history.sum('refund', 'amount') + args.amount <= 100
                            then: permit
                            cases:
                              - { tool: refund, args: { amount: 1 }, expect: forbid }
                              - { tool: refund, args: { amount: 1 }, history: [{ tool: lookup }], expect: permit }
                              - { tool: refund, args: { amount: 100 }, history: [{ tool: lookup }], expect: permit }
                              - tool: refund
                                args: { amount: 40 }
                                history: [{ tool: lookup }, { tool: refund, args: { amount: 60.01 } }]
                                expect: forbid
                              - tool: refund
                                args: { amount: 1 }
                                history: [{ tool: lookup }, { tool: refund, args: { amount: 1 } }, { tool: refund, args: { amount: 1 } }]
                                expect: forbid
                        """))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "history.sum('refund', 'amuont') > 1.0|tool:refund has no argument 'amuont'; did you mean 'amount'?",
                "history.count('refund')|expected type 'bool' but found 'int'",
                "history.counts('refund') > 1|there is no 'counts'",
                "history > 1|'>' does not take"
            })
    void saysWhatIsWrongWithAQuestionAboutEarlierCalls(String when, String message) throws IOException {
        assertThat(problemsOf("tools: [refund]\nwhen: \"%s\"\nthen: ask".formatted(when)))
                .singleElement()
                .asString()
                .contains(message);
    }

    /** A process that does not know the users cannot say that somebody is no operator. */
    @Test
    void rolesThatAreNotKnownForbid() throws Exception {
        Rule rule = Rule.of(
                new RuleText(
                        "not-by-viewers",
                        "",
                        List.of("refund"),
                        List.of(),
                        List.of(),
                        "'viewer' in actor.roles",
                        Ruling.FORBID,
                        false,
                        null),
                Nearest::hint);
        CallFacts call = new CallFacts(
                "refund",
                MissingNode.getInstance(),
                JsonNodeFactory.instance.objectNode(),
                new CallFacts.Task("support", null, 1),
                new CallFacts.Actor("ann", null),
                List.of(),
                TaskHistory.NONE);

        assertThat(new Rules(List.of(rule)).on(call).ruling()).isEqualTo(Ruling.FORBID);
        assertThat(new Rules(List.of(rule)).on(call).reason()).contains("cannot be evaluated", "roles");
    }

    /** Whatever docs/rules.md shows is taken as it stands there, for the tools of the samples. */
    @Test
    void theExamplesOfTheDocumentationAreTaken() throws IOException {
        Files.delete(directory.resolve("refund.camel.yaml"));
        Path samples = Path.of("routes");
        try (Stream<Path> files = Files.walk(samples)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(samples.resolve("rules")))
                    .toList()) {
                Path copy = directory.resolve(samples.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        List<String> examples = Pattern.compile("```yaml\n(rules:.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs", "rules.md")))
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(examples).hasSizeGreaterThan(1);
        for (String example : examples) {
            assertThat(problems(example).stream().filter(problem -> problem.startsWith("rules.yaml")))
                    .isEmpty();
        }
        assertThat(examples.getLast().lines().filter(line -> line.startsWith("  - id:")))
                .hasSize(10);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "args.amuont > 5|there is no 'amuont'; did you mean 'amount'?",
                "arg.amount > 5|there is no 'arg'; did you mean 'args'?",
                "tol == 'x'|there is no 'tol'; did you mean 'tool'?",
                "args.amount == 5|'==' does not take double, int; write the whole number with a decimal point, as in 1.0",
                "args.amount > 'x'|'>' does not take double, string",
                "args.amount|expected type 'bool' but found 'double'",
                "args.note == 'x'|a call may leave out 'note', and then the rule cannot be evaluated; write"
                        + " has(args.note) && ... or args.?note.orValue(...)",
            })
    void namesLineRuleConditionAndTool(String when, String message) throws IOException {
        List<String> found = problemsOf("tools: [refund]\nthen: forbid\nwhen: \"" + when + "\"");

        assertThat(found).hasSize(1);
        assertThat(found.getFirst())
                .startsWith("rules.yaml:5: rule one: when '" + when + "'")
                .endsWith(": " + message);
    }

    @Test
    void namesTheLineWithinACondition() throws IOException {
        assertThat(problemsOf("tools: [refund]\nthen: forbid\nwhen: |\n  args.amount > 5\n  && actr.name == 'ann'\n"))
                .containsExactly(
                        "rules.yaml:7: rule one: when 'args.amount > 5 && actr.name == 'ann'': there is no 'actr'; did you"
                                + " mean 'actor'?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "has(args.note) && args.note == 'x'",
                "args.?note.orValue('') == 'x'",
                "!has(args.count) || args.count == 3",
                "args.amount / 2.0 > 1",
                "agents.exists(a, a == 'triage')"
            })
    void takesWhatFitsTheTool(String when) throws IOException {
        assertThat(problemsOf("tools: [refund]\nthen: forbid\nwhen: \"" + when + "\""))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "tools: [refund];then: forbit|4: rule one: then 'forbit': it must be permit, ask or forbid; did you mean 'forbid'?",
                "tools: [refund];then: forbid;whne: true|5: rule one: 'whne' is not a field; did you mean 'when'?",
                "then: forbid|2: rule one: tools is missing; name the tools that it is about, or write \"*\"",
                "tools: [refnd];then: forbid|3: rule one: there is no tool 'refnd'; did you mean 'refund'?",
                "tools: [a b];then: forbid|3: rule one: tools: 'a b' is not a name; a name may hold '*' for any characters",
                "tools: [];then: forbid|3: rule one: tools must be a list of 1 to 50 names",
                "tools: [refund];then: ask;observe: yes|5: rule one: observe 'yes': it must be true or false",
                "tools: [refund];workflows: [suport];then: ask|4: rule one: there is no workflow 'suport'; did you mean 'support'?",
                "tools: [refund];then: ask;cases: [{tool: refund, args: {amount: 1}, expect: permit}]"
                        + "|5: rule one: case: tool:refund with {\"amount\":1}: expected permit, but the rules say ask (rule one asks a person)",
                "tools: [refund];then: ask;cases: [{tool: refund, args: {amuont: 1}, expect: ask}]"
                        + "|5: rule one: case: tool:refund does not take these arguments:",
                "tools: [refund];then: ask;cases: [{tool: refund, arg: {amount: 1}, expect: ask}]"
                        + "|5: rule one: case: 'arg' is not a field; did you mean 'args'?",
                "tools: [refund];then: ask;cases: [{tool: refund, expect: asks}]"
                        + "|5: rule one: case: expect 'asks': it must be permit, ask or forbid; did you mean 'ask'?",
            })
    void saysWhatIsWrong(String fields, String message) throws IOException {
        List<String> found = problemsOf(fields.replace(';', '\n'));

        assertThat(found).hasSize(1);
        assertThat(found.getFirst()).startsWith("rules.yaml:" + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|1: it must hold 'rules:' and a list of rules; a file without rules holds 'rules: []'",
                "rule: []|1: it must hold 'rules:' and a list of rules; a file without rules holds 'rules: []'",
                "rules: [|1: not YAML:",
                "rules: [1]|1: a rule must be a mapping with 'id', 'tools' and 'then'",
                "rules: [{id: A, tools: x, then: ask}]|1: id 'A': it must be 1 to 64 lower-case letters",
            })
    void refusesWhatIsNoFileOfRules(String text, String message) throws IOException {
        assertThat(problems(text)).anyMatch(problem -> problem.startsWith("rules.yaml:" + message));
    }

    @Test
    void refusesTwoFilesOfRules() throws IOException {
        Files.createDirectory(directory.resolve("rules"));
        Files.writeString(directory.resolve("rules/rules.yaml"), "rules: []");
        assertThat(problems("rules: []"))
                .containsExactly("rules.yaml:1: there is rules/rules.yaml too; put all rules into one file");
    }

    @Test
    void refusesTwoRulesWithOneId() throws IOException {
        assertThat(problems(
                        "rules:\n  - { id: a, tools: refund, then: ask }\n  - { id: a, tools: refund, then: ask }\n"))
                .containsExactly("rules.yaml:3: the id 'a' is that of the rule in line 2");
    }

    /** An expression cannot take long, whatever it says. */
    @Test
    void boundsFileRulesAndConditions() throws IOException {
        assertThat(problems("rules: []\n#" + "x".repeat(300_000)))
                .first()
                .asString()
                .contains("at most 262144");
        assertThat(problems("rules:\n"
                        + IntStream.range(0, 201)
                                .mapToObj("  - { id: a%d, tools: refund, then: ask }%n"::formatted)
                                .collect(Collectors.joining())))
                .containsExactly("rules.yaml:2: there are 201 rules; there may be at most 200");
        assertThat(problemsOf("tools: refund\nthen: ask\nwhen: \"" + "true || ".repeat(400) + "true\""))
                .hasSize(1);
        assertThat(problemsOf("tools: refund\nthen: ask\nwhen: \"" + "(".repeat(900) + "true" + ")".repeat(900) + "\""))
                .hasSize(1);
    }

    /** A condition that fails may have forbidden the call. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "args.amount / 0.0 > 1 && 1 / int(args.amount) > 0",
                "args.?note.orValue('').matches('(')",
                "dyn(args.amount).size() > 1",
                "[1,2,3,4,5,6,7,8,9,10].all(a, [1,2,3,4,5,6,7,8,9,10].all(b, [1,2,3,4,5,6,7,8,9,10].all(c,"
                        + " [1,2,3,4,5,6,7,8,9,10].all(d, [1,2,3,4,5,6,7,8,9,10].all(e, a + b + c + d + e > 0)))))",
            })
    void anErrorForbidsAndNamesTheRule(String when) throws IOException {
        assertThat(problemsOf("tools: [refund]\nthen: permit\nwhen: \"" + when
                        + "\"\ncases: [{tool: refund, args: {amount: 0}, expect: permit}]"))
                .singleElement()
                .asString()
                .contains("expected permit, but the rules say forbid (rule one cannot be evaluated: ");
    }

    @Test
    void forbidWinsOverAskAndAskOverPermit() throws IOException {
        assertThat(
                        problems(
                                """
                        rules:
                          - { id: p, tools: refund, when: args.amount > 1, then: permit }
                          - { id: a, tools: refund, when: args.amount > 2, then: ask }
                          - { id: f, tools: "*", when: tool == 'refund' && dyn(args).amount > 3, then: forbid }
                          - id: examples
                            tools: [lookup]
                            then: permit
                            cases:
                              - { tool: refund, args: { amount: 1 }, expect: forbid }
                              - { tool: refund, args: { amount: 2 }, expect: permit }
                              - { tool: refund, args: { amount: 3 }, expect: ask }
                              - { tool: refund, args: { amount: 4 }, expect: forbid }
                              - { tool: model.default, expect: permit }
                        """))
                .isEmpty();
    }
}
