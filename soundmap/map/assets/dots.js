"use strict";
// A layer of deck.gl that draws each track as one point of WebGL, round and smooth at its edge.

const block = `
layout(std140) uniform dotsUniforms {
  float diameter; // in pixels of the screen
  float alpha;
} dots;
`;
const look = {
  name: "dots",
  vs: block,
  fs: block,
  uniformTypes: { diameter: "f32", alpha: "f32" },
};
const vs = `#version 300 es
in vec2 positions;
in vec4 colors;
out vec3 shade;
void main() {
  gl_Position = project_position_to_clipspace(vec3(positions, 0.0), vec3(0.0), vec3(0.0));
  gl_PointSize = dots.diameter + 1.0;
  shade = colors.rgb;
}
`;
const fs = `#version 300 es
precision highp float;
in vec3 shade;
out vec4 fragColor;
void main() {
  float away = length(gl_PointCoord - 0.5) * (dots.diameter + 1.0);
  float cover = clamp(0.5 * dots.diameter + 0.5 - away, 0.0, 1.0);
  fragColor = vec4(shade, dots.alpha * cover);
}
`;

/** `radius` in units of the map, never under `least` nor over `most` pixels; `alpha` 0 to 1. */
class Dots extends deck.Layer {
  getShaders() {
    return super.getShaders({ vs, fs, modules: [deck.project32, look] });
  }

  initializeState() {
    this.getAttributeManager().add({
      positions: { size: 2, type: "float32", accessor: "getPosition" },
      colors: { size: 4, type: "unorm8", accessor: "getColor" },
    });
    const model = new deck.Model(this.context.device, {
      ...this.getShaders(),
      id: this.props.id,
      bufferLayout: this.getAttributeManager().getBufferLayouts(),
      topology: "point-list",
      isInstanced: false,
    });
    this.setState({ model });
  }

  draw() {
    const { radius, least, most, alpha, data } = this.props;
    const { model } = this.state;
    const pixels = Math.min(most, Math.max(least, radius * 2 ** this.context.viewport.zoom));
    const diameter = 2 * pixels * this.context.device.canvasContext.cssToDeviceRatio();
    model.setVertexCount(data.length);
    model.shaderInputs.setProps({ dots: { diameter, alpha } });
    model.draw(this.context.renderPass);
  }
}
Dots.layerName = "Dots";
Dots.defaultProps = {
  getPosition: { type: "accessor", value: [0, 0] },
  getColor: { type: "accessor", value: [0, 0, 0, 255] },
};
