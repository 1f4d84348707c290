package io.drover.route;

import io.drover.tool.BuiltInTool;
import org.apache.camel.Endpoint;

/** Makes the endpoints of tools that no file declares. */
public interface BuiltInEndpoints {

    /** Where the route of the tool begins; each call makes another, which no other route shares. */
    Endpoint endpoint(BuiltInTool tool);
}
