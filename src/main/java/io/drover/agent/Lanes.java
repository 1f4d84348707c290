package io.drover.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.drover.guard.ToolCallException;
import io.drover.json.Json;
import io.drover.model.Answer.WantedCall;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.MDC;

/** Makes the calls of one answer in parallel, equal ones one after the other. */
final class Lanes {

    private Lanes() {}

    /** Makes one call, by its position in the answer. */
    interface Work {
        void make(int call) throws ToolCallException;
    }

    /** Returns when all calls have ended, and throws the first failure. */
    static void run(List<WantedCall> wanted, Work work) throws Exception {
        Collection<List<Integer>> lanes = of(wanted);
        if (lanes.size() == 1) {
            inOrder(lanes.iterator().next(), work);
            return;
        }
        Map<String, String> logContext = MDC.getCopyOfContextMap();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (List<Integer> lane : lanes) {
                Callable<?> calls = () -> {
                    MDC.setContextMap(logContext == null ? Map.of() : logContext);
                    inOrder(lane, work);
                    return null;
                };
                all.add(executor.submit(calls));
            }
            await(all, executor);
        }
    }

    private static void inOrder(List<Integer> lane, Work work) throws ToolCallException {
        for (int call : lane) {
            work.make(call);
        }
    }

    /**
     * Equal calls run one after the other.
     * The journal tells them apart by their order, and each must get its own result again in a later attempt.
     */
    private static Collection<List<Integer>> of(List<WantedCall> wanted) {
        Map<List<String>, List<Integer>> lanes = new LinkedHashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            WantedCall call = wanted.get(i);
            lanes.computeIfAbsent(List.of(call.tool(), canonical(call.arguments())), equal -> new ArrayList<>())
                    .add(i);
        }
        return lanes.values();
    }

    private static String canonical(String arguments) {
        try {
            return Json.canonical(Json.parse(arguments));
        } catch (JsonProcessingException e) {
            return arguments; // it is refused anyway
        }
    }

    /** Waits for all of them: any effect that they still have belongs to this attempt. */
    private static void await(List<Future<?>> all, ExecutorService executor) throws Exception {
        Exception failure = null;
        for (Future<?> one : all) {
            try {
                one.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Exception cause) {
                    failure = failure == null ? cause : failure;
                } else {
                    throw e;
                }
            } catch (InterruptedException e) {
                executor.shutdownNow();
                throw e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
