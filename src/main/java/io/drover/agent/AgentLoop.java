package io.drover.agent;

import io.drover.agent.AgentStoppedException.Reason;
import io.drover.guard.RecordedCalls;
import io.drover.guard.TaskContext;
import io.drover.guard.ToolCallException;
import io.drover.guard.ToolCalls;
import io.drover.guard.ToolRequest;
import io.drover.journal.CallRecord;
import io.drover.json.Recorded;
import io.drover.model.Allowance;
import io.drover.model.Answer;
import io.drover.model.BudgetExceededException;
import io.drover.model.Question;
import io.drover.model.Usage;
import io.drover.tool.ToolOutcome;
import io.drover.tool.ToolSpec;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The turns of one agent.
 * A recorded turn is replayed as it was, down to what the model was told about its calls.
 * The turns after that are made with the definition that is pinned, and within the current limits.
 */
final class AgentLoop {

    /** How many times the same call may have the same result. */
    private static final int REPETITIONS = 3;

    private final TaskContext context;
    private final ToolCalls calls;
    private final AgentSpec spec;
    private final Pin pin;
    private final AgentRun run;
    private final Talk talk;
    private final ToolTurn tools;
    private final Hearing hearing;
    private final Allowance allowance;
    private final Map<String, Integer> seen = new HashMap<>();
    private boolean legacy;
    private boolean corrected;
    private boolean reminded;
    private int toolCalls;
    private Usage usage = Usage.NONE;
    private BigDecimal usd = BigDecimal.ZERO;

    AgentLoop(TaskContext context, ToolCalls calls, AgentSpec spec, Pin pin, String input, AgentRun run) {
        this.context = context;
        this.calls = calls;
        this.spec = spec;
        this.pin = pin;
        this.run = run;
        this.talk = new Talk(context, calls, pin, input);
        this.tools = new ToolTurn(context, calls, talk, pin, run);
        this.hearing = new Hearing(context, calls);
        this.allowance = new Allowance(spec.maxCostUsd(), spec.maxTokens());
        run.forgotten().stream()
                .map(AgentLoop::recorded)
                .forEach(answer -> allowance.count(answer.usage(), answer.usd()));
    }

    AgentResult run() throws Exception {
        List<Heard> heard = List.of();
        for (int turn = 1; ; turn++) {
            CallRecord question = run.answered(turn);
            Answer answer = question == null ? ask(turn, heard) : replay(question);
            run.allHeard();
            toolCalls += answer.calls().size();
            talk.say(conversation -> conversation.model(answer));
            usage = usage.plus(answer.usage());
            usd = usd.add(answer.usd());
            CallRecord next = run.answered(turn + 1);
            if (answer.calls().isEmpty()) {
                Output output = next == null ? output(answer) : new Output(null, "", answer.problem());
                if (next == null && output.problem() == null) {
                    return new AgentResult(output.value(), turn, usage, usd);
                }
                correct(output.problem(), next == null);
                heard = List.of();
            } else {
                heard = next == null ? make(question, answer) : hearing.recorded(answer.calls(), Asked.heard(next));
                tell(answer.calls(), heard, next == null);
            }
        }
    }

    private Output output(Answer answer) throws ToolCallException {
        return Output.of(
                spec.name(), Output.isAccepted(answer) ? null : pin.definition().output(), answer);
    }

    private void correct(@Nullable String problem, boolean now) {
        if (Answer.CALL_MISSING.equals(problem)) {
            reminded = true;
            talk.say(
                    conversation -> conversation.user(
                            "You ended with a call of a tool, but no call came. Call the tool; or, if you are done, give your whole answer again."));
            return;
        }
        if (now && corrected) {
            throw new AgentStoppedException(spec.name(), Reason.OUTPUT_SCHEMA, String.valueOf(problem));
        }
        corrected = true;
        String wish = spec.outputSchema() == null
                ? "Your answer cannot be used: %s. Answer again."
                : "Your answer does not fit the schema: %s. Answer again, with the JSON document only.";
        talk.say(conversation -> conversation.user(wish.formatted(problem)));
    }

    private List<Heard> make(@Nullable CallRecord question, Answer answer) throws Exception {
        String then = question == null ? null : Asked.memory(question);
        if (toolCalls > spec.maxToolCalls() && !tools.isRecorded(answer.calls(), then)) {
            throw new AgentStoppedException(
                    spec.name(), Reason.MAX_TOOL_CALLS, "it asked for more than %d".formatted(spec.maxToolCalls()));
        }
        talk.now(); // what the model was told is looked up before its calls, as in the first attempt
        return tools.make(answer.calls(), question != null, then);
    }

    private void tell(List<Answer.WantedCall> wanted, List<Heard> heard, boolean now) throws AgentStoppedException {
        for (int i = 0; i < heard.size(); i++) {
            Answer.WantedCall call = wanted.get(i);
            String text = heard.get(i).text();
            talk.say(conversation -> conversation.result(call, text));
            String repeated = call.tool() + '\0' + call.arguments() + '\0' + text;
            if (seen.merge(repeated, 1, Integer::sum) >= REPETITIONS && now) {
                throw new AgentStoppedException(
                        spec.name(),
                        Reason.NO_PROGRESS,
                        "tool:%s was called %d times with the same arguments and the same result"
                                .formatted(call.tool(), REPETITIONS));
            }
        }
    }

    private static Answer recorded(CallRecord question) {
        return Answer.ofValue(
                Recorded.value(String.valueOf(question.result()), () -> "call %d of task %s: the recorded result"
                        .formatted(question.n(), question.taskId())));
    }

    private Answer replay(CallRecord question) throws ToolCallException {
        return answer(question.tool(), calls.replay(context, question, null), question.address());
    }

    private Answer ask(int turn, List<Heard> heard) throws ToolCallException {
        Conversation conversation = talk.now();
        Definition definition = pin.definition();
        String model = ToolSpec.MODEL + definition.model();
        var legacyArguments = run.earlier().arguments(turn, conversation.digest());
        boolean known = (turn == 1 || legacy) && RecordedCalls.isRecorded(context, model, legacyArguments);
        if (!known && (turn == 1 || legacy)) {
            run.earlier().refuseToAskAgain(turn);
        }
        legacy = turn == 1 ? known : legacy;
        if (turn > spec.maxIterations() && !known) {
            throw new AgentStoppedException(
                    spec.name(), Reason.MAX_ITERATIONS, "the model was asked %d times".formatted(spec.maxIterations()));
        }
        Question question = new Question(
                conversation.prompt(),
                conversation.promptTokens(),
                allowance,
                given -> Output.judge(definition.output(), given, reminded));
        if (legacy) {
            return answer(model, calls.call(context, new ToolRequest(model, legacyArguments, question, null)), null);
        }
        pin.checkModel(context.attempt().recorded(run.address(turn)));
        var arguments = run.arguments(turn, conversation.digest(), pin.keep(), pin.memory(), heard);
        UUID address = run.address(turn);
        return answer(model, calls.call(context, new ToolRequest(model, arguments, question, null), address), address);
    }

    private Answer answer(String model, ToolOutcome outcome, @Nullable UUID address) throws ToolCallException {
        if (outcome instanceof ToolOutcome.Failed failed
                && failed.cause() instanceof BudgetExceededException exceeded) {
            throw new AgentStoppedException(spec.name(), Reason.BUDGET, String.valueOf(exceeded.getMessage()));
        }
        ToolOutcome.Succeeded done = ToolCalls.demand(context, model, null, outcome, address);
        Answer answer = Answer.ofValue(done.value());
        if (done.origin() == ToolOutcome.Origin.JOURNAL) {
            allowance.count(answer.usage(), answer.usd()); // one that is made now has counted itself
        }
        return answer;
    }
}
