package io.drover.guard;

/** A step was refused, because what an earlier step sent may have taken effect. */
class UnansweredException extends RuntimeException {

    UnansweredException(String tool, String why) {
        super("tool:%s sends nothing more in this try, because an earlier message may have taken effect (%s)"
                .formatted(tool, why));
    }
}
