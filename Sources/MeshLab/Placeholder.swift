enum PlaceholderMeshLab {}
