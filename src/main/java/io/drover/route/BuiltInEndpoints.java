package io.drover.route;

import io.drover.tool.BuiltInTool;
import org.apache.camel.Endpoint;

/** Makes the endpoints of built-in tools. */
public interface BuiltInEndpoints {

    /** The endpoint at which the route of a tool begins; each call makes a new one. */
    Endpoint endpoint(BuiltInTool tool);
}
