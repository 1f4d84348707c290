package io.drover.component;

/** What the options of a step that awaits a task must be. */
final class AwaitOptions {

    private AwaitOptions() {}

    static void check(TaskEndpoint endpoint) {
        String task = "task:" + endpoint.getWorkflow();
        if (!endpoint.joinWhen().equals("all")) {
            throw new IllegalArgumentException(
                    "%s: joinWhen (%s) must be all: the task goes on when all of its children have ended"
                            .formatted(task, endpoint.joinWhen()));
        }
        if (endpoint.isShared() && endpoint.key() == null) {
            throw new IllegalArgumentException(
                    "%s: shared needs a key, by which the task is found; add parameters: { key: \"...\" }"
                            .formatted(task));
        }
    }

    static void checkWithout(TaskEndpoint endpoint) {
        if (endpoint.isOrphan() || endpoint.isShared() || !endpoint.joinWhen().equals("all")) {
            throw new IllegalArgumentException(
                    "task:%s: orphan, shared and joinWhen are for a task that is awaited; add await: \"true\""
                            .formatted(endpoint.getWorkflow()));
        }
    }
}
