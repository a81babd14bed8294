"""What panels share: their base classes and the small widgets they are made of."""
