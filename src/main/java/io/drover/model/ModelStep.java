package io.drover.model;

import io.drover.guard.NotSent;
import io.drover.guard.TaskContext;
import io.drover.guard.ToolInvocation;
import io.drover.journal.ClaimedTask;
import io.drover.start.Listeners;
import io.drover.tool.HttpAnswerException;
import io.drover.trace.Traced;
import io.drover.trace.Traces;
import java.math.BigDecimal;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;

/** Asks a model, inside the guard: reserves the worst case from the budgets, asks, and returns what was not needed. */
final class ModelStep implements Processor {

    private final String name;
    private final ModelSettings settings;
    private final ChatClient model;
    private final @Nullable StandInModels standIn;
    private final Budgets budgets;
    private final Listeners<ModelListener> listeners;
    private final Traces traces;

    ModelStep(
            String name,
            ModelSettings settings,
            ChatClient model,
            @Nullable StandInModels standIn,
            Budgets budgets,
            Listeners<ModelListener> listeners,
            Traces traces) {
        this.name = name;
        this.settings = settings;
        this.model = model;
        this.standIn = standIn;
        this.budgets = budgets;
        this.listeners = listeners;
        this.traces = traces;
    }

    @Override
    public void process(Exchange exchange) {
        ToolInvocation current = ToolInvocation.of(exchange);
        if (!(current.payload() instanceof Question question)) {
            throw new IllegalArgumentException("a model cannot be called as a tool; ask it by to: agent:<name>");
        }
        ClaimedTask task = current.context().attempt().task();
        Usage worst = question.reserved(settings);
        BigDecimal worstUsd = settings.price().of(worst);
        Allowance allowance = question.allowance();
        allowance.take(worst, worstUsd);
        Budgets.Reservation reservation;
        try {
            reservation = budgets.reserve(task, worstUsd);
        } catch (RuntimeException e) {
            allowance.putBack(worst, worstUsd);
            throw e;
        }
        Answer answer;
        try {
            answer = ask(current, question);
        } catch (RuntimeException e) {
            if (wasNotCharged(e)) {
                allowance.putBack(worst, worstUsd);
                reservation.settle(BigDecimal.ZERO);
            }
            throw e;
        }
        allowance.count(answer.usage(), answer.usd());
        allowance.putBack(worst, worstUsd);
        reservation.settle(answer.usd());
        listeners.each(listener -> listener.answered(task.workflow(), task.mode(), name, answer.usage(), answer.usd()));
        exchange.getMessage().setBody(question.judge().apply(answer).toValue());
    }

    private Answer ask(ToolInvocation current, Question question) {
        TaskContext context = current.context();
        try (Traced span = traces.chat(context.trace(), settings.model())) {
            ChatTrace.asked(span, context.content(), settings, question);
            try {
                Reply reply = reply(current, question.prompt());
                Answer answer = Answer.of(reply, question, settings, name);
                ChatTrace.answered(span, context.content(), reply, answer);
                return answer;
            } catch (RuntimeException e) {
                span.failed(e.getClass().getName(), e.getMessage());
                throw e;
            }
        }
    }

    private Reply reply(ToolInvocation current, Prompt prompt) {
        StandInModels.Said said = standIn == null
                ? null
                : standIn.say(name, current.arguments().path("agent").asText(), prompt);
        return said == null ? model.ask(prompt) : said.reply();
    }

    /** Providers charge for their answers; after a broken connection it is not known whether they do. */
    private static boolean wasNotCharged(RuntimeException thrown) {
        for (Throwable t : ObjectHelper.createExceptionIterable(thrown)) {
            if (t instanceof HttpAnswerException
                    || NotSent.isSaidBy(t)
                    || t instanceof ModelAnswerException answer && answer.isFromNoModel()) {
                return true;
            }
        }
        return false;
    }
}
