"""Engines that run an inference graph: MNN where it has wheels, ONNX Runtime, and OpenVINO.

ONNX Runtime is the reference: the embeddings of the others must agree with its own.  MNN computes
3 x 3 convolutions by Winograd's algorithm (Lavin and Gray, *Fast Algorithms for Convolutional
Neural Networks*, CVPR 2016), also in float32, with fewer than half of the multiplications.
"""
