package io.drover.model;

import io.drover.guard.AnswerReason;
import io.drover.tool.PermanentFailure;

/** An answer that cannot be used. It was paid for, unless it surely comes from no model. */
class ModelAnswerException extends RuntimeException implements PermanentFailure {

    private final boolean permanent;
    private final boolean fromNoModel;

    /** @param permanent the same question would be answered, and paid for, in the same way */
    ModelAnswerException(String message, boolean permanent) {
        this(message, permanent, false);
    }

    private ModelAnswerException(String message, boolean permanent, boolean fromNoModel) {
        super(message);
        this.permanent = permanent;
        this.fromNoModel = fromNoModel;
    }

    /**
     * An answer with a good status of something other than a model: the page of a proxy, or another service.
     *
     * @param what it is
     * @param body its beginning
     */
    static ModelAnswerException ofNoModel(String what, String body) {
        String said = AnswerReason.of(body);
        return new ModelAnswerException(
                "the answer, sent as HTTP 200, is %s and not a model's%s; check the url of the model and what stands between"
                        .formatted(what, said == null ? "" : ": " + said),
                false,
                true);
    }

    /** Whether no model has worked on it, so that nothing is charged. */
    boolean isFromNoModel() {
        return fromNoModel;
    }

    /** What a model or a server says, as part of a message. */
    static String words(String said) {
        return String.valueOf(AnswerReason.of(said));
    }

    @Override
    public boolean isPermanent() {
        return permanent;
    }
}
