package io.drover.task;

/** An attempt took longer than its workflow allows. */
class AttemptTimeoutException extends Exception {

    AttemptTimeoutException(WorkflowSpec spec) {
        super("the attempt took longer than the timeout of task:%s (%s); its later calls are refused"
                .formatted(spec.name(), spec.timeout()));
    }
}
