package io.drover.mcp;

import java.net.ConnectException;

/** The server was restarted, or dropped the session: the message surely had no effect. */
class ForgottenSessionException extends ConnectException {

    ForgottenSessionException() {
        super("the server has forgotten the session");
    }
}
