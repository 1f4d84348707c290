package io.drover.model;

/** An answer of a model that cannot be used. It was paid for all the same. */
class ModelAnswerException extends RuntimeException {

    ModelAnswerException(String message) {
        super(message);
    }
}
