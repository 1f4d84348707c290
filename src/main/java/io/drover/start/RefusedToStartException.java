package io.drover.start;

/** The process must not start as it is configured. The message is all that is shown: one sentence, with the way out. */
public class RefusedToStartException extends RuntimeException {

    public RefusedToStartException(String sentence) {
        super(sentence);
    }

    public RefusedToStartException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
