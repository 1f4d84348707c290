package io.drover.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers in place of the models. A test has one, and no other process. */
@FunctionalInterface
public interface StandInModels {

    /**
     * @param model its name below {@code drover.models}
     * @param agent that asks it
     * @return null where the model itself is asked
     */
    @Nullable
    Said say(String model, String agent, Prompt prompt);

    /**
     * What a model says.
     *
     * @param text  its words, or null
     * @param calls the tools that it asks to call
     * @param in    tokens of the prompt
     * @param out   tokens of the answer
     */
    record Said(@Nullable String text, List<Call> calls, long in, long out) {

        Reply reply() {
            List<Reply.Call> wanted = new ArrayList<>();
            for (Call call : calls) {
                wanted.add(new Reply.Call("call-" + wanted.size(), call.tool(), call.arguments(), null));
            }
            return new Reply(
                    text,
                    null,
                    wanted,
                    calls.isEmpty() ? "stop" : "tool_calls",
                    new ReportedUsage(in, null, out, null),
                    null,
                    null,
                    null);
        }
    }

    /** A call that it asks for. @param arguments a JSON document, or what the model takes for one */
    record Call(String tool, String arguments) {}
}
