package io.drover.mcp;

import java.net.ConnectException;

/** The server was started again, or dropped the session: what was sent surely had no effect. */
class ForgottenSessionException extends ConnectException {

    ForgottenSessionException() {
        super("the server has forgotten the session");
    }
}
